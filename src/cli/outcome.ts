import { describeFailure, failureJson, formatFailure } from './failure.ts';

/** Writes a command's result: with --json one object on standard output, else text for a person. */
export function writeReport<T extends object>(
  report: T,
  asJson: boolean,
  format: (report: T) => string,
): void {
  process.stdout.write(`${asJson ? JSON.stringify(report, null, 2) : format(report)}\n`);
}

/** Says on standard error why a command did not succeed, with --json also on standard output, and sets the exit code. */
export function writeFailure(error: unknown, asJson: boolean): void {
  const failure = describeFailure(error);
  process.stderr.write(formatFailure(failure, error, process.env.DPRUNER_DEBUG === '1'));
  if (asJson) process.stdout.write(`${JSON.stringify(failureJson(failure), null, 2)}\n`);
  process.exitCode = failure.exitCode;
}
