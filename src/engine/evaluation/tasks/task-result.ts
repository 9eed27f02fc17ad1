import type { FigureName } from '../../../contract/task.ts';
import { type FigureDifference, pairedBootstrap } from '../paired-bootstrap.ts';
import { percentileInterval, RESAMPLES } from '../resampling.ts';
import type { TaskDefinition } from './task-definition.ts';
import { type Figure, figuresOf } from './task-figures.ts';
import type { TaskOutcomes } from './task-outcomes.ts';

/** A figure with the 95 % interval that other items of the same kind would give. */
export interface FigureResult {
  readonly name: FigureName;
  readonly better: Figure['better'];
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly chance: number | null;
  /** Where the interval lies to the chance level; null where there is none. */
  readonly level: 'below chance' | 'at chance' | 'above chance' | null;
  /** How much higher it is than the other model's on the same items; null where there is no other. */
  readonly against: FigureDifference | null;
}

/**
 * The figures of a model on a task.
 * @param against another model's outcomes on the same items
 */
export function taskResult(
  task: TaskDefinition,
  outcomes: TaskOutcomes,
  against: TaskOutcomes | null,
  seed: number,
): FigureResult[] {
  const others = against && figuresOf(task, against);
  return figuresOf(task, outcomes).map((figure, i) => {
    const { name, better, chance, items } = figure;
    const interval = percentileInterval(items, figure.of, seed, RESAMPLES);
    const value = figure.of([...Array(items).keys()]);
    const level = chance === null ? null : levelOf(interval, chance);
    const difference = others && pairedBootstrap(items, others[i].of, figure.of, seed);
    return { name, better, value, ...interval, chance, level, against: difference };
  });
}

const levelOf = ({ low, high }: { low: number; high: number }, chance: number) =>
  low > chance ? 'above chance' : high < chance ? 'below chance' : 'at chance';
