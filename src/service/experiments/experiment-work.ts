import type { ExperimentSummary } from '../../contract/known-experiment.ts';
import { type ExperimentProgress, experimentProgress } from '../../contract/run-progress.ts';
import { appVersion } from '../../engine/run/app-version.ts';
import type { Emit } from '../events.ts';
import type { Keeper } from '../keeper.ts';
import type { WorkerReport } from '../runs/worker-message.ts';
import type { KindOfWork } from '../work/kind-of-work.ts';
import { subject, type WorkQueue } from '../work/work-queue.ts';
import { clearWork, removeExperimentFiles } from './experiment-files.ts';
import { runsFor } from './experiment-inputs.ts';

export type ExperimentQueue = WorkQueue<ExperimentSummary, ExperimentProgress>;

/** What the queue of experiments has to know of them. */
export function experimentWork(
  keeper: Keeper,
  emit: Emit,
): KindOfWork<ExperimentSummary, ExperimentProgress> {
  const { experiments, folders } = keeper;
  return {
    noun: 'experiment',
    get: async (id) => (await experiments.get(id)).summary,
    queued: async () => (await experiments.withStatus('queued')).map(({ summary }) => summary),
    enqueue: async (id, at) => (await experiments.enqueue(id, at)).summary,
    begin: async (id, at) => (await experiments.begin(id, at)).summary,
    end: async (id, status, attempt) => (await experiments.end(id, status, attempt)).summary,
    lockedFolder: (id) => folders.experimentWork(id),
    prepare: async (id) => {
      const { request } = await experiments.get(id);
      const job = {
        ...{ kind: 'experiment' as const, request, runs: await runsFor(keeper, request) },
        workDir: folders.experimentWork(id),
        presetFile: folders.experimentPreset(id),
        reportFile: folders.experimentReport(id),
      };
      return { job, temporary: folders.experimentTemporary(id) };
    },
    write: (id, report) => write(keeper, id, report),
    progress: (id, progress) => experimentProgress.parse({ ...progress, experimentId: id }),
    tellProgress: (progress) => emit('experiment.progress', progress),
    clear: async ({ id, status }) => {
      if (status === 'cancelled') await removeExperimentFiles(folders, id);
      // What is kept to go on with is of no use any more.
      if (status === 'finished') await clearWork(folders, id);
    },
    outcome: async () => ({}),
    tell: (summary) => emit('experiment.changed', summary),
  };
}

async function write({ experiments, audit }: Keeper, id: number, report: WorkerReport): Promise<void> {
  if (report.kind !== 'inputs') return;
  const { datasets, modelFingerprint } = report;
  const { summary, request } = await experiments.get(id);
  await audit.append('experiment.started', subject('experiment', summary), {
    experiment: request.experiment,
    model: { dir: summary.modelDir, fingerprint: modelFingerprint },
    data: datasets.map(({ part, path, sha256 }) => ({ part, path, sha256 })),
    ...('settings' in request && { settings: request.settings }),
    ...('runIds' in request && { runs: request.runIds }),
    appVersion,
  });
}
