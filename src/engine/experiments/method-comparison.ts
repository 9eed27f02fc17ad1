import { type HeatMap, METHOD_POINTS, type MethodPoint } from '../../contract/experiment.ts';
import type { PruneSettings } from '../../contract/settings.ts';
import type { FigureResult } from '../evaluation/tasks/task-result.ts';
import type { AddedColumn, MeasuredSweep, Sweep } from './sweep.ts';
import { TITLES } from './sweep-tasks.ts';
import { valuesInvalid } from './sweep-values.ts';

const METHODS: Readonly<Record<MethodPoint, Partial<PruneSettings>>> = {
  magnitude: { method: 'magnitude', compensate: false },
  wanda: { method: 'wanda', compensate: false },
  sparsegpt: { method: 'sparsegpt', compensate: false },
  'd-pruner': { method: 'd-pruner', compensate: false },
  'd-pruner+compensate': { method: 'd-pruner', compensate: true },
  'wanda+compensate': { method: 'wanda', compensate: true },
  'magnitude+compensate': { method: 'magnitude', compensate: true },
  'd-pruner:criterion=paper': { method: 'd-pruner', compensate: false, criterion: 'paper' },
};
const USUAL = METHOD_POINTS.slice(0, 5);

/** D-Pruner beside its rivals at one sparsity, all on one calibration: methods by texts and tasks. */
export const methodComparison: Sweep = {
  title: 'Methods',
  axis: { label: 'Method', scale: 'linear' },
  parts({ values, settings }) {
    const names = [...new Set(values?.map(methodPoint) ?? USUAL)];
    // How weights are grouped is D-Pruner's own setting; the others compare as their authors do.
    const usualGroups = { group: null, blocking: 'none', blockSize: null } as const;
    const methods = names.map((name) => {
      const own = METHODS[name];
      return { name, settings: own.method === 'd-pruner' ? own : { ...usualGroups, ...own } };
    });
    const points = names.map((label, x) => ({ label, x }));
    return [{ name: 'all methods', request: { methods, sparsities: [settings.sparsity] }, points }];
  },
  plots: (measured) => [whatIsLeft(measured)],
  describe: async (measured) => ({
    columns: taskColumns(measured),
    remarks: [
      'The plot has what is left of the original: a figure of a task over the original’s, the original’s perplexity over the model’s.',
    ],
  }),
};

function methodPoint(value: string): MethodPoint {
  const found = METHOD_POINTS.find((name) => name === value.trim());
  if (found) return found;
  throw valuesInvalid(value, `one of ${METHOD_POINTS.join(', ')}`);
}

/** The leading figure of each task, to stand in the first table; intervals and verdicts are in that of the tasks. */
function taskColumns({ reports: [first], points }: MeasuredSweep): AddedColumn[] {
  return first.tasks.map(({ label }) => {
    const { name } = first.rows[0].tasks[label][0];
    return {
      column: { name: `${label}: ${TITLES[name]}`, kind: 'figure' },
      dense: first.rows[0].tasks[label][0].value,
      cells: points.map(({ row }) => row.tasks[label][0].value),
    };
  });
}

function whatIsLeft({ reports: [first], points }: MeasuredSweep): HeatMap {
  const [dense] = first.rows;
  const texts = first.texts.map(({ name }) => name);
  const tasks = first.tasks.map(({ label }) => label);
  return {
    kind: 'heat-map',
    title: 'What is left of the original’s figures',
    rows: points.map(({ label }) => label),
    columns: [...texts, ...tasks],
    values: points.map(({ row }) => [
      ...texts.map((name) => 1 / (1 + row.perplexities[name].change)),
      ...tasks.map((label) => leftOf(dense.tasks[label][0], row.tasks[label][0])),
    ]),
    low: 0,
    high: 1,
  };
}

/** null where the original has nothing to lose. */
function leftOf(dense: FigureResult, { value, better }: FigureResult): number | null {
  const left = better === 'higher' ? value / dense.value : dense.value / value;
  return Number.isFinite(left) ? left : null;
}
