import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Problem } from '../../src/contract/problem.ts';
import { inWindowWords } from '../../src/service/window-words.ts';

const SOURCES = join(import.meta.dirname, '../../src');
/** Of what only the command line can ask for. */
const isOfCommandLine = ({ code, message }: Problem) =>
  code === 'DUMP_TOO_LATE' || message.startsWith('--dump-importance');

/** Every error in the engine and the service, as it stands in their sources. */
const errors = globSync('{engine,service,history}/**/*.ts', { cwd: SOURCES }).flatMap((file) => {
  const source = readFileSync(join(SOURCES, file), 'utf8');
  return [...source.matchAll(/new UserError\(\s*'([A-Z_]+)',([\s\S]*?)\n?\s*\);/g)].map(
    ([, code = '', body = '']) => {
      const texts = [...body.matchAll(/'([^'\n]*)'|`([^`]*)`/g)].map(
        ([, plain, template]) => plain ?? template ?? '',
      );
      return { file, problem: { code, message: texts[0] ?? '', fix: texts.at(-1) ?? '' } };
    },
  );
});

describe('what a person is told in the window', () => {
  it('is found in the sources', () => expect(errors.length).toBeGreaterThan(80));

  it('names no option of the command line', () => {
    const told = errors
      .filter(({ problem }) => !isOfCommandLine(problem))
      .map(({ file, problem }) => ({ file, problem: inWindowWords(problem) }))
      .filter(({ problem: { message, fix } }) => /--[a-z]/.test(message + fix));
    expect(told).toEqual([]);
  });

  it('says where in the window something is mended', () => {
    const problem = {
      code: 'CALIBRATION_PART_MISSING',
      message: 'There is no file for casehold.',
      fix: 'Give --data casehold=FILE, or --data casehold=none to do without it.',
    };
    expect(inWindowWords(problem)).toEqual({
      ...problem,
      fix: 'Choose files for this part under “Data”, or set its share of the mix to 0 %.',
    });
  });

  it('leaves alone what holds in the window as well', () => {
    const problem = { code: 'OUTPUT_EXISTS', message: 'There is /a already.', fix: 'Choose another place.' };
    expect(inWindowWords(problem)).toEqual(problem);
    const window = { code: 'WINDOW_TOO_LONG', message: 'It is 512.', fix: 'Give --window 256 or less.' };
    expect(inWindowWords(window).fix).toBe('Give “Window” 256 or less.');
  });
});
