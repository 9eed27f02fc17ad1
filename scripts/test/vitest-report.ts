import { z } from 'zod';
import type { Outcome } from './outcome.ts';

/** The part of Vitest's JSON report that is read here. */
const vitestReport = z.object({
  testResults: z.array(
    z.object({
      status: z.string(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

/**
 * Counts the tests of a report. A file that could not be loaded has no tests but has failed: it counts as one, and so
 * does a run that ended with an error although none of its tests failed.
 */
export function readVitestReport(json: string, exitCode: number): Outcome {
  const { testResults } = vitestReport.parse(JSON.parse(json));
  const tests = testResults.flatMap((file) => file.assertionResults);
  const unloadable = testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some(isFailed),
  );
  const failed = tests.filter(isFailed).length + unloadable.length;
  const skipped = tests.filter((test) => test.status !== 'passed' && !isFailed(test));
  return {
    passed: tests.filter((test) => test.status === 'passed').length,
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped: skipped.length,
    skippedNames: skipped.map((test) => test.fullName),
  };
}

function isFailed(test: { status: string }): boolean {
  return test.status === 'failed';
}
