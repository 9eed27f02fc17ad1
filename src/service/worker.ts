/**
 * The worker: one run, one export or one experiment, then it ends. It is a process of its own because the engine's calls keep their process
 * busy, and so that a crash or a cancellation frees everything. It ends with the service that started it.
 */
import { Interrupted } from '../contract/error.ts';
import { performExport } from './runs/perform-export.ts';
import { performRun } from './runs/perform-run.ts';
import { type WorkerJob, type WorkerReport, workerOrder } from './runs/worker-message.ts';
import { framesOf, toProblem } from './to-problem.ts';

const controller = new AbortController();

process.on('message', (message) => {
  const order = workerOrder.parse(message);
  if (order.kind === 'stop') controller.abort();
  else void perform(order.job).finally(() => process.disconnect());
});
// Without the service nobody wants the result; the run is resumed by the next service.
process.on('disconnect', () => process.exit());
// Ctrl+C in a terminal reaches all processes; the service decides what becomes of its workers.
process.on('SIGINT', () => {});

async function perform(job: WorkerJob): Promise<void> {
  try {
    if (job.kind === 'run') await performRun(job, tell, controller.signal);
    else if (job.kind === 'export') await performExport(job, tell, controller.signal);
    else {
      // Runs, which most workers are for, need not load what compares and experiments.
      const { performExperiment } = await import('./experiments/perform-experiment.ts');
      await performExperiment(job, tell, controller.signal);
    }
    await tell({ kind: 'finished' });
  } catch (error) {
    if (error instanceof Interrupted) await tell({ kind: 'stopped' });
    else await tell({ kind: 'refused', problem: toProblem(error), where: framesOf(error) });
  }
}

function tell(report: WorkerReport): Promise<void> {
  // An unsent report is not the worker's trouble: it ends with the service.
  return new Promise((resolve) => {
    process.send?.(report, undefined, {}, () => resolve());
  });
}
