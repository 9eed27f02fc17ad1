import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { OnProgress } from '../../contract/progress.ts';
import type { TextResult } from '../../contract/result.ts';
import type { RunRequest } from '../../contract/run-request.ts';
import { openCheckpoint } from '../../engine/checkpoint/open-checkpoint.ts';
import { type PruneRequest, prune } from '../../engine/prune-run.ts';
import { modelFingerprint } from '../../engine/run/fingerprint.ts';
import type { RunOutcome } from '../../history/run-outcome.ts';
import { writeDistributions } from '../results/write-distributions.ts';
import { calibrationSource } from './calibration-source.ts';
import { measureDense, measurePruned } from './measure-tasks.ts';
import { denseResult, measureTexts, prunedFigure } from './measure-texts.ts';
import { outcomeReport, type RunHashes } from './outcome-report.ts';
import { isOutputOfRun } from './own-output.ts';
import { ProgressReport } from './progress-report.ts';
import { hashInputs } from './run-inputs.ts';
import { WholeRun } from './whole-run.ts';
import { wholeRunOptions } from './whole-run-options.ts';
import type { RunJob, WorkerReport } from './worker-message.ts';

/**
 * A run from beginning to end, or from where it was stopped: the dense model is measured, pruned, and measured again. After
 * each of these, and after each text, what there is is told, so that it need not be done again.
 * @throws UserError; Interrupted when `signal` is aborted
 */
export async function performRun(
  job: RunJob,
  tell: (report: WorkerReport) => void,
  signal: AbortSignal,
): Promise<void> {
  const { request } = job;
  let { outcome } = job;
  const become = (changed: RunOutcome) => {
    outcome = changed;
    tell({ kind: 'outcome', outcome });
  };
  const { config } = await tellInputs(request, tell);
  const whole = new WholeRun(await wholeRunOptions(request, outcome, config));
  const report = new ProgressReport((progress) => tell({ kind: 'progress', progress }), whole);

  const unmeasured = request.evaluation.texts.slice(outcome.texts.length);
  const dense = { request, modelDir: request.modelDir, step: 'measure-dense', report, signal } as const;
  for await (const { text, result } of measureTexts(unmeasured, dense)) {
    const texts = [...outcome.texts, denseResult(text, result)];
    const before = outcome.texts.map((_, i) => outcome.denseWindows[i] ?? []);
    const denseWindows = [...before, [...result.ofWindows]];
    become({ ...outcome, texts, denseWindows });
  }
  for await (const task of measureDense(outcome.tasks.length, { request, report, signal })) {
    become({ ...outcome, tasks: [...outcome.tasks, task] });
  }
  if (!outcome.report) {
    become({
      ...outcome,
      report: await pruneModel(job, (progress) => report.pass('prune', progress), signal),
    });
  }
  const pruned = { request, modelDir: request.outDir, step: 'measure-pruned', report, signal } as const;
  let index = outcome.texts.filter((text) => text.pruned !== null).length;
  for await (const { result } of measureTexts(request.evaluation.texts.slice(index), pruned)) {
    const figure = prunedFigure(result, outcome.denseWindows[index]);
    const denseWindows = outcome.denseWindows.map((windows, i) => (i === index ? [] : windows));
    become({ ...outcome, texts: withPruned(outcome.texts, index++, figure), denseWindows });
  }
  let done = outcome.tasks.filter(({ denseOutcomes }) => denseOutcomes === null).length;
  for await (const task of measurePruned(outcome.tasks, done, { request, report, signal })) {
    become({ ...outcome, tasks: outcome.tasks.with(done++, task) });
  }
}

const withPruned = (
  texts: readonly TextResult[],
  index: number,
  pruned: TextResult['pruned'],
): TextResult[] => texts.map((text, i) => (i === index ? { ...text, pruned } : text));

async function tellInputs(request: RunRequest, tell: (report: WorkerReport) => void) {
  const checkpoint = await openCheckpoint(request.modelDir);
  try {
    const fingerprint = await modelFingerprint(checkpoint);
    tell({ kind: 'inputs', datasets: await hashInputs(request), modelFingerprint: fingerprint });
    return { config: checkpoint.config };
  } finally {
    await checkpoint.close();
  }
}

async function pruneModel(job: RunJob, onProgress: OnProgress, signal: AbortSignal) {
  const { request, engineRun } = job;
  const report = await prune(await pruneRequest(job), onProgress, signal);
  const checkpoint = await openCheckpoint(request.modelDir);
  try {
    if (report.runDir !== null) await writeDistributions(checkpoint.config, engineRun, job.distributions);
    const hashes = await hashesOf(engineRun, await modelFingerprint(checkpoint));
    return outcomeReport(report, checkpoint.config, hashes);
  } finally {
    await checkpoint.close();
  }
}

/** The engine's request for a run: the same that the command line makes of the same settings. */
async function pruneRequest({ request, engineRun, presetFile }: RunJob): Promise<PruneRequest> {
  const { modelDir, outDir, settings, calibration, backend } = request;
  await mkdir(dirname(engineRun), { recursive: true, mode: 0o700 });
  if (calibration) await writeFile(presetFile, JSON.stringify(calibration.preset));
  const resume = existsSync(join(engineRun, 'run.json'));
  return {
    modelDir,
    outDir,
    runDir: engineRun,
    settings,
    calibration: calibrationSource(calibration, presetFile),
    backend,
    resume,
    force: resume && (await isOutputOfRun(outDir, engineRun)),
    dumpImportanceDir: null,
  };
}

/** A method without scores has no run record, and so no tokens. */
async function hashesOf(engineRun: string, fingerprint: string): Promise<RunHashes> {
  const none = { modelFingerprint: fingerprint, domainTokensSha256: null, openTokensSha256: null };
  const file = join(engineRun, 'run.json');
  if (!existsSync(file)) return none;
  const { domainTokens, openTokens } = JSON.parse(await readFile(file, 'utf8'));
  return {
    ...none,
    domainTokensSha256: domainTokens?.sha256 ?? null,
    openTokensSha256: openTokens?.sha256 ?? null,
  };
}
