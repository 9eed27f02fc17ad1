import { totalmem } from 'node:os';
import { UserError } from '../../contract/error.ts';
import { needsOf } from '../run/needs.ts';
import { cheapestChange } from './cheapest-change.ts';
import { isThere, type Need, type PlanQuestion, planRun, type RunPlan } from './plan-run.ts';
import { textSizes } from './token-counts.ts';

export interface FitQuestion extends Omit<PlanQuestion, 'machine'> {
  readonly scratchFreeBytes: number;
}

/**
 * Refuses a run that this machine cannot do. Memory that other programs have now may be free when it is needed, so the
 * machine's whole memory counts; so may room for the pruned model, which is written last.
 * @returns the plan of a run that it can do
 * @throws UserError MEMORY_SHORT, DISK_SHORT
 */
export function assertFits(question: FitQuestion): RunPlan {
  const machine = {
    memoryFreeBytes: Math.min(totalmem(), process.constrainedMemory() || Infinity),
    deviceFreeBytes: null,
    scratchFreeBytes: question.scratchFreeBytes,
    outFreeBytes: Infinity,
    isOneDisk: false,
  };
  const plan = planRun({ ...question, machine });
  if (plan.fits) return plan;
  const { memory, scratch } = plan;
  const change = cheapestChange(question.settings, (settings) =>
    planRun({ ...question, settings, texts: textSizes(settings, needsOf(settings, false)), machine }),
  );
  const fix = change
    ? `Run with ${change.options.join(' ')}, which fits, or on another machine or disk; \`plan\` tells the details.`
    : 'Use a larger machine or disk; `plan` tells the details.';
  throw isThere(memory)
    ? short('DISK_SHORT', 'free disk for the run folder', scratch, fix)
    : short('MEMORY_SHORT', 'memory', memory, fix);
}

const size = (bytes: number): string =>
  bytes < 2 ** 29 ? `${(bytes / 2 ** 20).toFixed(1)} MiB` : `${(bytes / 2 ** 30).toFixed(1)} GiB`;

const short = (code: string, what: string, { neededBytes, freeBytes }: Need, fix: string) =>
  new UserError(
    code,
    `The run needs about ${size(neededBytes)} of ${what}, and there are ${size(freeBytes)}.`,
    fix,
  );
