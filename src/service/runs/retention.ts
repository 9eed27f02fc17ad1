import type { Emit } from '../events.ts';
import type { Keeper } from '../keeper.ts';
import { framesOf } from '../to-problem.ts';
import { removeRun } from './remove-run.ts';

const DAY_MS = 86_400_000;
const INTERVAL_MS = 3_600_000;

/** Deletes runs that ended longer ago than the setting allows, now and every hour; pruned models stay. */
export function keepRetention(keeper: Keeper, emit: Emit): { stop(): void } {
  const sweep = () =>
    removeExpired(keeper, emit).catch((error) =>
      keeper.log.error('retention failed', { where: framesOf(error) }),
    );
  void sweep();
  const timer = setInterval(sweep, INTERVAL_MS);
  return { stop: () => clearInterval(timer) };
}

/** @returns how many runs were deleted */
export async function removeExpired(keeper: Keeper, emit: Emit, now = Date.now()): Promise<number> {
  const { retentionDays } = await keeper.settings();
  if (retentionDays === null) return 0;
  const expired = await keeper.runs.endedBefore(new Date(now - retentionDays * DAY_MS).toISOString());
  for (const { summary } of expired) {
    await removeRun(keeper, summary.id, { withOutput: false, action: 'run.expired' });
    emit('run.removed', { runId: summary.id });
  }
  return expired.length;
}
