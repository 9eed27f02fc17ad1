import type { PruneSettings } from '../../contract/settings.ts';
import type { RunPlan } from './plan-run.ts';

/** Another setting that makes a run smaller. */
export interface Change {
  /** As the command line takes it. */
  readonly option: string;
  readonly settings: PruneSettings;
}

type Step = (settings: PruneSettings) => Change | null;

const SHORTEST = 128;
const FEWEST = 64;
const FEWEST_OPEN = 32;

/** By what they cost in the quality of the outcome, the cheapest first. */
const STEPS: readonly Step[] = [
  halved('samples', '--samples', FEWEST),
  halved('openSamples', '--open-samples', FEWEST_OPEN),
  halved('openSequenceLength', '--open-sequence-length', SHORTEST),
  halved('sequenceLength', '--sequence-length', SHORTEST),
  (settings) => changed(settings, settings.compensate, '(without --compensate)', { compensate: false }),
  (settings) =>
    changed(settings, settings.method === 'd-pruner' && settings.criterion === 'paper', '--criterion dual', {
      criterion: 'dual',
    }),
  (settings) => changed(settings, settings.method === 'sparsegpt', '--method wanda', { method: 'wanda' }),
  (settings) =>
    changed(settings, settings.method === 'd-pruner' && settings.criterion !== 'general', '--method wanda', {
      method: 'wanda',
      criterion: 'dual',
      compensate: false,
    }),
  (settings) =>
    changed(settings, settings.method !== 'magnitude', '--method magnitude', { method: 'magnitude' }),
];

/**
 * The cheapest changes with which a run fits: as many steps in order as it takes, without those that it can do without.
 * @returns null where nothing helps
 */
export function cheapestChange(
  settings: PruneSettings,
  planWith: (settings: PruneSettings) => RunPlan,
): { readonly options: readonly string[]; readonly plan: RunPlan } | null {
  const found = attempt(settings, STEPS, planWith);
  if (!found) return null;
  let steps: readonly Step[] = found.steps;
  for (const step of found.steps.slice(0, -1)) {
    const without: readonly Step[] = steps.filter((other) => other !== step);
    if (attempt(settings, without, planWith)) steps = without;
  }
  // The last step is there because the others were not enough: with it first they need not go to their ends.
  return attempt(settings, steps.toReversed(), planWith) ?? found;
}

/** Takes the steps one after the other, each as often as it can be, until the run fits. */
function attempt(
  settings: PruneSettings,
  steps: readonly Step[],
  planWith: (settings: PruneSettings) => RunPlan,
): { steps: Step[]; options: string[]; plan: RunPlan } | null {
  let smallest = settings;
  const taken: Step[] = [];
  const options: string[] = [];
  for (const step of steps) {
    const found = repeat(smallest, step, planWith);
    if (!found) continue;
    smallest = found.change.settings;
    taken.push(step);
    options.push(found.change.option);
    if (found.plan.fits) return { steps: taken, options, plan: found.plan };
  }
  return null;
}

/** Takes a step until the run fits or the step is at its end. */
function repeat(settings: PruneSettings, step: Step, planWith: (settings: PruneSettings) => RunPlan) {
  let last: { change: Change; plan: RunPlan } | null = null;
  for (let change = step(settings); change; change = step(change.settings)) {
    last = { change, plan: planWith(change.settings) };
    if (last.plan.fits) break;
  }
  return last;
}

function halved(
  name: 'sequenceLength' | 'openSequenceLength' | 'samples' | 'openSamples',
  option: string,
  least: number,
): Step {
  return (settings) => {
    const value = Math.floor(settings[name] / 2);
    return changed(settings, value >= least, `${option} ${value}`, { [name]: value });
  };
}

const changed = (
  settings: PruneSettings,
  applies: boolean,
  option: string,
  changes: Partial<PruneSettings>,
): Change | null => (applies ? { option, settings: { ...settings, ...changes } } : null);
