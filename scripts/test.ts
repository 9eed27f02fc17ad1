/**
 * `npm test`: linter, type checker, then Vitest. The last line sums them up: `N passed, N failed, N skipped`.
 * Arguments go to Vitest: `npm test -- test/engine/model` runs the tests of that folder.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeOutcomes, isSuccess, type Outcome, summarize } from './test/outcome.ts';
import { runAsOneTest, runTool } from './test/run-tool.ts';
import { readVitestReport } from './test/vitest-report.ts';

const outcomes = [
  await runAsOneTest('lint and format (biome check)', '@biomejs/biome/bin/biome', ['check', '.']),
  await runAsOneTest('types (tsc -b)', 'typescript/bin/tsc', ['-b']),
  await runVitest(process.argv.slice(2)),
];

console.log(describeOutcomes(outcomes));
console.log(summarize(outcomes));
process.exitCode = isSuccess(outcomes) ? 0 : 1;

async function runVitest(vitestArguments: readonly string[]): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'dpruner-test-'));
  const report = join(folder, 'report.json');
  try {
    const exitCode = await runTool('vitest/vitest.mjs', [
      ...['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
      ...vitestArguments,
    ]);
    const json = await readFile(report, 'utf8').catch(() => '{"testResults":[]}');
    return readVitestReport(json, exitCode);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
