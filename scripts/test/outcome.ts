/** What one runner found. */
export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Full names of the skipped tests. */
  readonly skippedNames: readonly string[];
}

/** The last line of a test run: `N passed, N failed`, and `, N skipped` when any was. */
export function summarize(outcomes: readonly Outcome[]): string {
  const passed = sum(outcomes.map((outcome) => outcome.passed));
  const failed = sum(outcomes.map((outcome) => outcome.failed));
  const skipped = sum(outcomes.map((outcome) => outcome.skipped));
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** Nothing failed and something ran. */
export function isSuccess(outcomes: readonly Outcome[]): boolean {
  return (
    sum(outcomes.map((outcome) => outcome.failed)) === 0 && sum(outcomes.map((outcome) => outcome.passed)) > 0
  );
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
