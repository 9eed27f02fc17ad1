import { CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import {
  describeFailure,
  failureJson,
  formatFailure,
  StoppedError,
  UsageError,
} from '../../src/cli/failure.ts';
import { UserError } from '../../src/contract/error.ts';

describe('describeFailure', () => {
  it("keeps a user error's code, message and fix, and exits 1", () => {
    const failure = describeFailure(new UserError('DISK_FULL', 'The disk is full.', 'Free some space.'));
    expect(failure).toEqual({
      exitCode: 1,
      code: 'DISK_FULL',
      message: 'The disk is full.',
      fix: 'Free some space.',
    });
    expect(failureJson(failure)).toEqual({
      error: { code: 'DISK_FULL', message: 'The disk is full.', fix: 'Free some space.' },
    });
  });

  it('exits 2 for bad usage and 130 for a stop', () => {
    expect(describeFailure(new UsageError('m', 'f'))).toMatchObject({ exitCode: 2, code: 'BAD_USAGE' });
    expect(describeFailure(new StoppedError('m', 'f'))).toMatchObject({ exitCode: 130, code: 'INTERRUPTED' });
    const unknown = new CommanderError(1, 'commander.unknownOption', "error: unknown option '--x'");
    expect(describeFailure(unknown)).toMatchObject({ exitCode: 2, message: "Unknown option '--x'." });
  });

  it('never quotes what a parser choked on', () => {
    const failure = describeFailure(parseErrorOf('Patient Jane Doe'));
    expect(failure).toMatchObject({ exitCode: 1, code: 'UNEXPECTED' });
    expect(JSON.stringify(failure)).not.toContain('Jane');
  });
});

describe('formatFailure', () => {
  it('is message and fix, without a stack', () => {
    const error = new UserError('X', 'What is wrong.', 'Do this.');
    expect(formatFailure(describeFailure(error), error, false)).toBe(
      'What is wrong.\nWhat to do: Do this.\n',
    );
  });

  it('has the frames of the error and its cause for developers, and still no text', () => {
    const error = new UserError('X', 'What is wrong.', 'Do this.', { cause: parseErrorOf('Jane Doe') });
    const text = formatFailure(describeFailure(error), error, true);
    expect(text).toMatch(/Do this\.\n\s+at .*failure\.test\.ts[\s\S]*\nCaused by SyntaxError\n\s+at /);
    expect(text).not.toContain('Jane');
  });
});

function parseErrorOf(text: string): unknown {
  try {
    JSON.parse(text);
  } catch (error) {
    return error;
  }
  throw new Error('it was parsed');
}
