import { relative } from 'node:path';
import { z } from 'zod';
import { projectFolder } from '../bootstrap/project.mjs';
import type { Failure, Outcome } from './outcome.ts';

/** The part of Vitest's JSON report that is read here. */
const vitestReport = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string(),
      /** Milliseconds since 1970. */
      startTime: z.number(),
      endTime: z.number(),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});

type FileReport = z.infer<typeof vitestReport>['testResults'][number];

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
  const failures = [
    ...tests.filter(isFailed).map((test) => ({
      name: test.fullName,
      message: (test.failureMessages ?? []).join('\n'),
    })),
    ...unloadable.map(({ name, message }) => ({ name: inProject(name), message })),
  ];
  if (failures.length === 0 && exitCode !== 0) failures.push(UNTOLD);
  const skipped = tests.filter((test) => test.status !== 'passed' && !isFailed(test));
  return {
    passed: tests.filter((test) => test.status === 'passed').length,
    skippedNames: skipped.map((test) => test.fullName),
    failures,
    files: testResults.map(timed),
  };
}

/** Vitest ended with an error that belongs to no test. */
const UNTOLD: Failure = { name: 'vitest', message: 'It ended with an error, although no test failed.' };

function timed({ name, startTime, endTime }: FileReport) {
  return { path: inProject(name), seconds: (endTime - startTime) / 1000 };
}

function inProject(path: string): string {
  return relative(projectFolder, path);
}

function isFailed(test: { status: string }): boolean {
  return test.status === 'failed';
}
