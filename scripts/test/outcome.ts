/** What one runner found. */
export interface Outcome {
  readonly passed: number;
  /** Full names of the skipped tests. */
  readonly skippedNames: readonly string[];
  readonly failures: readonly Failure[];
  /** How long each file took, where a runner says so. */
  readonly files: readonly TimedFile[];
}

export interface Failure {
  /** The test's full name, or its file where the file could not be loaded. */
  readonly name: string;
  /** What the runner said of it; empty where it stands further up in the output. */
  readonly message: string;
}

export interface TimedFile {
  readonly path: string;
  readonly seconds: number;
}

/** Files that `describeOutcomes` names, the slowest first. */
const SLOWEST_FILES = 20;
/** Of a failure's message: the assertion and where it stands. */
const MESSAGE_LINES = 12;

/** What comes before the last line: slow files, skipped tests, and failures last, where they are not overlooked. */
export function describeOutcomes(outcomes: readonly Outcome[]): string {
  const slowest = outcomes
    .flatMap((outcome) => outcome.files)
    .toSorted((a, b) => b.seconds - a.seconds)
    .slice(0, SLOWEST_FILES);
  return [
    section(
      'Slowest files',
      slowest.map(({ path, seconds }) => `${seconds.toFixed(1).padStart(6)} s  ${path}`),
    ),
    section(
      'Skipped',
      outcomes.flatMap((outcome) => outcome.skippedNames),
    ),
    section(
      'Failed',
      outcomes.flatMap((outcome) => outcome.failures).map(({ name, message }) => withMessage(name, message)),
    ),
  ].join('');
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${title}:\n${lines.map((line) => `  ${line}`).join('\n')}\n\n`;
}

function withMessage(name: string, message: string): string {
  const lines = message.split('\n').filter((line) => line.trim() !== '');
  return [name, ...lines.slice(0, MESSAGE_LINES).map((line) => `    ${line}`)].join('\n');
}

/** The last line of a test run: `N passed, N failed`, and `, N skipped` when any was. */
export function summarize(outcomes: readonly Outcome[]): string {
  const passed = sum(outcomes.map((outcome) => outcome.passed));
  const failed = sum(outcomes.map(({ failures }) => failures.length));
  const skipped = sum(outcomes.map(({ skippedNames }) => skippedNames.length));
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** Nothing failed and something ran. */
export function isSuccess(outcomes: readonly Outcome[]): boolean {
  return (
    sum(outcomes.map(({ failures }) => failures.length)) === 0 &&
    sum(outcomes.map((outcome) => outcome.passed)) > 0
  );
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
