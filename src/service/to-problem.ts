import { UserError } from '../contract/error.ts';
import type { Problem } from '../contract/problem.ts';
import { inWindowWords } from './window-words.ts';

/**
 * What to tell about whatever was thrown. Of an unexpected error only its name and where it happened: a parser's message
 * quotes the text that it was given, which may be a patient's.
 */
export function toProblem(error: unknown): Problem {
  if (error instanceof UserError) {
    const { code, message, fix } = error;
    return inWindowWords({ code, message, fix });
  }
  return {
    code: 'UNEXPECTED',
    message: `Something went wrong that the program was not prepared for: ${describe(error)}.`,
    fix: 'This is a fault of the program or of the machine. The log tells where it happened; try again, and report it if it stays.',
  };
}

const describe = (error: unknown): string => {
  if (!(error instanceof Error)) return typeof error;
  const { code } = error as NodeJS.ErrnoException;
  return code ? `${error.name} ${code}` : error.name;
};

/** Where an error was thrown: its frames, without its message. */
export function framesOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  return (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .map((line) => line.trim())
    .join(' | ');
}
