import { CommanderError } from 'commander';
import { UserError } from '../contract/error.ts';

/** The command was not called as it should be; exit code 2. */
export class UsageError extends UserError {
  constructor(message: string, fix: string) {
    super('BAD_USAGE', message, fix);
  }
}

/** A run was stopped on request; exit code 130. */
export class StoppedError extends UserError {
  constructor(message: string, fix: string) {
    super('INTERRUPTED', message, fix);
  }
}

/** How a command ended when it did not succeed. */
export interface Failure {
  readonly exitCode: 1 | 2 | 130;
  readonly code: string;
  readonly message: string;
  readonly fix: string;
}

/** What to tell the person about whatever was thrown. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof UserError) {
    const { code, message, fix } = error;
    return { exitCode: exitCodeOf(error), code, message, fix };
  }
  if (error instanceof CommanderError) {
    // Without a command commander has printed the help, and has no message.
    const message = error.code === 'commander.help' ? 'no command was given' : error.message;
    const fix = 'Add --help to the command to see what it takes.';
    return { exitCode: 2, code: 'BAD_USAGE', message: sentence(message.replace(/^error: /, '')), fix };
  }
  return {
    exitCode: 1,
    code: 'UNEXPECTED',
    message: `Unexpected error: ${describeUnexpected(error)}`,
    fix: 'This is a fault of the program, or of the machine it runs on. Set DPRUNER_DEBUG=1 and run the command again to see where it happened; `dpruner doctor` checks the machine.',
  };
}

function exitCodeOf(error: UserError): Failure['exitCode'] {
  if (error instanceof UsageError) return 2;
  return error instanceof StoppedError ? 130 : 1;
}

/** The text on standard error: what happened, what to do, and for developers where. */
export function formatFailure({ message, fix }: Failure, error: unknown, withStack: boolean): string {
  const lines = [message, `What to do: ${fix}`];
  if (withStack) lines.push(...framesOf(error));
  return `${lines.join('\n')}\n`;
}

/** The one object that --json promises on standard output. */
export const failureJson = ({ code, message, fix }: Failure) => ({ error: { code, message, fix } });

/** A parser's message quotes the text it was given, which may be a patient's: only where it happened is said. */
function describeUnexpected(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error instanceof SyntaxError ? error.name : `${error.name}: ${error.message.split('\n', 1)[0]}`;
}

/** Where an error was thrown and, below, what caused it; frames only, for the same reason. */
function framesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  if (error.cause === undefined) return frames;
  return [...frames, `Caused by ${describeUnexpected(error.cause)}`, ...framesOf(error.cause)];
}

const sentence = (text: string): string => {
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?)]$/.test(capital) ? capital : `${capital}.`;
};
