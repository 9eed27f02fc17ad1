import type { OnProgress } from '../../contract/progress.ts';
import type { TextResult } from '../../contract/result.ts';
import { pruneSettings } from '../../contract/settings.ts';
import { type PruneReport, prune } from '../../engine/prune-run.ts';
import { type MaskChanges, remask } from '../../engine/remask.ts';
import { measureTexts, prunedFigure } from './measure-texts.ts';
import { ProgressReport } from './progress-report.ts';
import type { ExportJob, WorkerReport } from './worker-message.ts';

/**
 * Makes another model of a run's scores; of one by magnitude, which has no scores, from its weights.
 * @throws UserError; Interrupted when `signal` is aborted
 */
export async function performExport(
  job: ExportJob,
  tell: (report: WorkerReport) => void,
  signal: AbortSignal,
): Promise<void> {
  const { request, outcome } = job;
  const { outDir, measure } = job.export;
  const report = new ProgressReport((progress) => tell({ kind: 'progress', progress }));
  const written = await write(job, (progress) => report.pass('prune', progress), signal);
  const texts: TextResult[] = [];
  if (measure) {
    const options = { request, modelDir: outDir, step: 'measure-pruned', report, signal } as const;
    for await (const { result } of measureTexts(request.evaluation.texts, options)) {
      const dense = outcome.texts[texts.length];
      if (!dense) break; // the run itself has not got that far
      texts.push({ ...dense, pruned: prunedFigure(result, undefined) });
    }
  }
  const { size, zeros } = written.export;
  tell({ kind: 'exported', size, zeros, texts });
}

function write(job: ExportJob, onProgress: OnProgress, signal: AbortSignal): Promise<PruneReport> {
  const { request, engineRun } = job;
  const { outDir, changes } = job.export;
  if (request.settings.method !== 'magnitude') {
    return remask(
      { runDir: engineRun, outDir, changes: changes as MaskChanges, force: false },
      onProgress,
      signal,
    );
  }
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  return prune(
    {
      modelDir: request.modelDir,
      outDir,
      runDir: engineRun,
      settings: pruneSettings.parse({ ...request.settings, ...Object.fromEntries(given) }),
      calibration: { kind: 'tokens', domainFile: null, openFile: null },
      backend: request.backend,
      resume: false,
      force: false,
      dumpImportanceDir: null,
    },
    onProgress,
    signal,
  );
}
