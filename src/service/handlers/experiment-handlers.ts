import { UserError } from '../../contract/error.ts';
import type { Emit } from '../events.ts';
import { experimentFiles, modelOf, runsFor } from '../experiments/experiment-inputs.ts';
import { experimentPage } from '../experiments/experiment-page.ts';
import type { ExperimentQueue } from '../experiments/experiment-work.ts';
import { readExperiment } from '../experiments/read-experiment.ts';
import { removeExperiment } from '../experiments/remove-experiment.ts';
import type { Keeper } from '../keeper.ts';
import { subject } from '../work/work-queue.ts';
import { writeNewFile } from '../write-new-file.ts';
import type { HandlersOf } from './handlers.ts';

export function experimentHandlers(
  keeper: Keeper,
  queue: ExperimentQueue,
  emit: Emit,
): HandlersOf<'experiments'> {
  const { experiments, audit, folders, policy } = keeper;
  const report = async (id: number) => {
    const { summary } = await experiments.get(id);
    if (summary.status === 'finished') return readExperiment(folders.experimentReport(id));
    throw new UserError(
      'EXPERIMENT_UNFINISHED',
      `“${summary.name}” has found nothing yet: it is ${summary.status}.`,
      'Wait until it has finished, or resume it.',
    );
  };
  return {
    'experiments.start': async (request) => {
      const model = await modelOf(keeper, request);
      const files = experimentFiles(request);
      policy.assertAllowed(model.modelDir, ...files.map(({ path }) => path));
      await runsFor(keeper, request);
      const { summary } = await experiments.add({ request, ...model, at: new Date().toISOString() });
      await audit.append('experiment.queued', subject('experiment', summary), {
        experiment: request.experiment,
        model: model.modelDir,
        data: files,
      });
      emit('experiment.changed', summary);
      void queue.next();
      return summary;
    },
    'experiments.list': async ({ offset, limit }) => {
      const page = await experiments.list(offset, limit);
      return {
        total: await experiments.count(),
        experiments: page.map(({ summary }) => queue.live(summary)),
      };
    },
    'experiments.get': async ({ experimentId }) => {
      const { summary, request } = await experiments.get(experimentId);
      const waiting = await experiments.withStatus('queued');
      const index = waiting.findIndex((other) => other.summary.id === experimentId);
      return { summary: queue.live(summary), request, queuePosition: index === -1 ? null : index + 1 };
    },
    'experiments.progress': ({ experimentId }) => queue.progressOf(experimentId),
    'experiments.pause': ({ experimentId }) => queue.pause(experimentId),
    'experiments.resume': ({ experimentId }) => queue.resume(experimentId),
    'experiments.cancel': ({ experimentId }) => queue.cancel(experimentId),
    'experiments.remove': async ({ experimentId }) => {
      const freedBytes = await removeExperiment(keeper, experimentId, 'experiment.removed');
      emit('experiment.removed', { experimentId });
      return { freedBytes };
    },
    'experiments.report': ({ experimentId }) => report(experimentId),
    'experiments.save': async ({ experimentId, file }) => {
      policy.assertAllowed(file);
      const found = await report(experimentId);
      const isPage = /\.html?$/i.test(file);
      await writeNewFile(file, isPage ? experimentPage(found) : `${JSON.stringify(found, null, 2)}\n`);
      return {};
    },
    'experiments.open': ({ file }) => {
      policy.assertAllowed(file);
      return readExperiment(file);
    },
  };
}
