import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeOutcomes, isSuccess, summarize } from '../../../scripts/test/outcome.ts';
import { readVitestReport } from '../../../scripts/test/vitest-report.ts';

const test = (fullName: string, status: string) => ({ fullName, status });
const file = { name: resolve('test/a.test.ts'), message: '', startTime: 1000, endTime: 3500 };
const report = (...files: { status: string; message?: string; assertionResults: object[] }[]) =>
  JSON.stringify({ testResults: files.map((result) => ({ ...file, ...result })) });

describe('the last line of npm test', () => {
  it('adds up all runners and names skipped tests only when there are any', () => {
    const lint = { passed: 1, skippedNames: [], failures: [], files: [] };
    const units = readVitestReport(
      report({
        status: 'passed',
        assertionResults: [test('a b', 'passed'), test('a c', 'skipped'), test('a d', 'todo')],
      }),
      0,
    );
    expect(summarize([lint])).toBe('1 passed, 0 failed');
    expect(summarize([lint, units])).toBe('2 passed, 0 failed, 2 skipped');
    expect(units.skippedNames).toEqual(['a c', 'a d']);
  });

  it('counts a test file that cannot be loaded as one failure', () => {
    const units = readVitestReport(report({ status: 'failed', assertionResults: [] }), 1);
    expect(summarize([units])).toBe('0 passed, 1 failed');
  });

  it('counts a run that ends with an error although every test passed as one failure', () => {
    const units = readVitestReport(
      report({ status: 'passed', assertionResults: [test('a b', 'passed')] }),
      1,
    );
    expect(summarize([units])).toBe('1 passed, 1 failed');
    expect(isSuccess([units])).toBe(false);
  });

  it('is no success when no test ran', () => {
    expect(isSuccess([readVitestReport(report(), 0)])).toBe(false);
  });

  it('comes after what was slow, what was skipped, and each failure with its message', () => {
    const units = readVitestReport(
      report({
        status: 'failed',
        assertionResults: [
          test('a c', 'skipped'),
          { ...test('a b', 'failed'), failureMessages: ['Error: expected 1, found 2\n    at a.test.ts:3:1'] },
        ],
      }),
      1,
    );
    expect(describeOutcomes([units])).toBe(
      [
        ...['Slowest files:', '     2.5 s  test/a.test.ts', ''],
        ...['Skipped:', '  a c', ''],
        ...['Failed:', '  a b', '    Error: expected 1, found 2', '        at a.test.ts:3:1', '', ''],
      ].join('\n'),
    );
  });

  it('names a file that could not be loaded, and says why', () => {
    const units = readVitestReport(
      report({ status: 'failed', message: 'Cannot find module x', assertionResults: [] }),
      1,
    );
    expect(describeOutcomes([units])).toContain('Failed:\n  test/a.test.ts\n    Cannot find module x\n');
  });
});
