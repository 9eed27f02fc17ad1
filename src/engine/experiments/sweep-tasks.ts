import type { ExperimentTable, LinePlot } from '../../contract/experiment.ts';
import type { FigureName } from '../../contract/task.ts';
import type { MeasuredSweep } from './sweep.ts';

export const TITLES: Record<FigureName, string> = {
  perplexity: 'perplexity',
  accuracy: 'accuracy',
  macroF1: 'macro-F1',
  rouge1: 'ROUGE-1',
  rouge2: 'ROUGE-2',
  rougeL: 'ROUGE-L',
};

export const TASK_REMARK =
  'Figures of tasks (fractions of 1, but for perplexity) have 95 % bootstrap intervals over the items. A difference is to the dense model on the same items; “not distinguishable”: its interval holds 0.';

/** Every figure of every task at each point, with its interval and its difference to the dense model. */
export function taskTables({ reports: [first], points }: MeasuredSweep): ExperimentTable[] {
  if (first.tasks.length === 0) return [];
  const models = [{ label: 'dense', row: first.rows[0] }, ...points];
  const figures = ['value', 'low', 'high', 'difference', 'difference, low', 'difference, high'];
  return [
    {
      title: 'Tasks',
      columns: [
        ...['point', 'task', 'figure'].map((name) => ({ name, kind: 'text' as const })),
        ...figures.map((name) => ({ name, kind: 'figure' as const })),
        { name: 'verdict', kind: 'text' },
      ],
      rows: models.flatMap(({ label: point, row }) =>
        first.tasks.flatMap(({ label }) =>
          row.tasks[label].map(({ name, value, low, high, against, level }) => {
            const verdicts = [
              ...(against && !against.distinguishable ? ['not distinguishable'] : []),
              ...(level === null || level === 'above chance' ? [] : [`${level} level`]),
            ];
            const difference = [against?.difference ?? null, against?.low ?? null, against?.high ?? null];
            return [point, label, TITLES[name], value, low, high, ...difference, verdicts.join(', ')];
          }),
        ),
      ),
    },
  ];
}

/** The leading figure of each task; perplexities are not on one scale with the others. */
export function taskPlots(x: LinePlot['x'], { reports: [first], points }: MeasuredSweep): LinePlot[] {
  const ofKind = (isPerplexity: boolean) =>
    first.tasks.filter(({ label }) => (first.rows[0].tasks[label][0].name === 'perplexity') === isPerplexity);
  const plots = [
    { tasks: ofKind(false), title: 'Tasks', y: { label: 'leading figure', scale: 'linear' as const } },
    { tasks: ofKind(true), title: 'Perplexity tasks', y: { label: 'perplexity', scale: 'log' as const } },
  ];
  const shown = x.scale === 'log' ? points.filter((point) => point.x > 0) : points;
  return plots.flatMap(({ tasks, title, y }) =>
    tasks.length === 0
      ? []
      : [
          {
            ...{ kind: 'lines' as const, title, x, y, joined: true },
            series: tasks.map(({ label }) => ({
              name: `${label}: ${TITLES[first.rows[0].tasks[label][0].name]}`,
              points: shown.map(({ x: at, row }) => ({ x: at, y: row.tasks[label][0].value })),
            })),
          },
        ],
  );
}
