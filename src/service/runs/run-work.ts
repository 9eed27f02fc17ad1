import type { RunSummary } from '../../contract/run.ts';
import { type RunProgress, runProgress } from '../../contract/run-progress.ts';
import type { Emit } from '../events.ts';
import type { Keeper } from '../keeper.ts';
import type { KindOfWork } from '../work/kind-of-work.ts';
import { subject, type WorkQueue } from '../work/work-queue.ts';
import { removePartialOutputs } from './own-output.ts';
import { clearRunFiles, removeRunFiles } from './run-files.ts';
import type { WorkerReport } from './worker-message.ts';

export type RunQueue = WorkQueue<RunSummary, RunProgress>;

/** What the queue of runs has to know of them. */
export function runWork(keeper: Keeper, emit: Emit): KindOfWork<RunSummary, RunProgress> {
  const { runs, folders } = keeper;
  return {
    noun: 'run',
    get: async (id) => (await runs.get(id)).summary,
    queued: async () => (await runs.withStatus('queued')).map(({ summary }) => summary),
    enqueue: async (id, at) => (await runs.enqueue(id, at)).summary,
    begin: async (id, at) => (await runs.begin(id, at)).summary,
    end: async (id, status, attempt) => (await runs.end(id, status, attempt)).summary,
    lockedFolder: (id) => folders.engineRun(id),
    prepare: async (id) => {
      const { request, outcome } = await runs.get(id);
      const job = {
        ...{ kind: 'run' as const, runId: id, request, outcome },
        engineRun: folders.engineRun(id),
        distributions: folders.distributions(id),
        presetFile: folders.preset(id),
      };
      return { job, temporary: folders.temporary(id) };
    },
    write: (id, report) => write(keeper, emit, id, report),
    progress: (id, progress) => runProgress.parse({ ...progress, runId: id }),
    tellProgress: (progress) => emit('run.progress', progress),
    clear: ({ id, status, outDir }) => clear(keeper, id, status, outDir),
    outcome: async (id) => {
      const { summary, outcome } = await runs.get(id);
      return {
        outDir: summary.outDir,
        weightFiles: outcome.report?.weightFiles.map(({ name, sha256 }) => ({ name, sha256 })) ?? [],
      };
    },
    tell: (summary) => emit('run.changed', summary),
  };
}

async function write({ runs, audit }: Keeper, emit: Emit, id: number, report: WorkerReport): Promise<void> {
  if (report.kind === 'outcome') emit('run.changed', (await runs.setOutcome(id, report.outcome)).summary);
  if (report.kind !== 'inputs') return;
  const { datasets, modelFingerprint } = report;
  await runs.setDatasets(id, datasets);
  const { summary, request, appVersion } = await runs.get(id);
  await audit.append('run.started', subject('run', summary), {
    model: { dir: request.modelDir, fingerprint: modelFingerprint },
    data: datasets.map(({ part, path, sha256 }) => ({ part, path, sha256 })),
    settings: request.settings,
    outDir: request.outDir,
    appVersion,
  });
}

async function clear(
  keeper: Keeper,
  id: number,
  status: RunSummary['status'],
  outDir: string,
): Promise<void> {
  if (status === 'cancelled') {
    await removePartialOutputs(outDir);
    await removeRunFiles(keeper.folders, id);
  }
  if (status === 'finished' && !(await keeper.settings()).keepScores) await clearRunFiles(keeper.folders, id);
}
