import type { Emit } from '../events.ts';
import { removeExperiment } from '../experiments/remove-experiment.ts';
import type { Keeper } from '../keeper.ts';
import { framesOf } from '../to-problem.ts';
import { removeRun } from './remove-run.ts';

const DAY_MS = 86_400_000;
const INTERVAL_MS = 3_600_000;

/** Deletes runs and experiments that ended longer ago than the setting allows, now and every hour; pruned models stay. */
export function keepRetention(keeper: Keeper, emit: Emit): { stop(): void } {
  const sweep = () =>
    removeExpired(keeper, emit).catch((error) =>
      keeper.log.error('retention failed', { where: framesOf(error) }),
    );
  void sweep();
  const timer = setInterval(sweep, INTERVAL_MS);
  return { stop: () => clearInterval(timer) };
}

/** @returns how many runs and experiments were deleted */
export async function removeExpired(keeper: Keeper, emit: Emit, now = Date.now()): Promise<number> {
  const { retentionDays } = await keeper.settings();
  if (retentionDays === null) return 0;
  const since = new Date(now - retentionDays * DAY_MS).toISOString();
  const expired = await keeper.runs.endedBefore(since);
  for (const { summary } of expired) {
    await removeRun(keeper, summary.id, { withOutput: false, action: 'run.expired' });
    emit('run.removed', { runId: summary.id });
  }
  const experiments = await keeper.experiments.endedBefore(since);
  for (const { summary } of experiments) {
    await removeExperiment(keeper, summary.id, 'experiment.expired');
    emit('experiment.removed', { experimentId: summary.id });
  }
  return expired.length + experiments.length;
}
