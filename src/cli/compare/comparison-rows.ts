import type { CompareReport } from '../../engine/comparison/comparison.ts';
import type { FigureResult } from '../../engine/evaluation/tasks/task-result.ts';
import { formatCount, formatDuration, formatFigure, formatPercent } from '../quantities.ts';
import type { Alignment } from '../table.ts';
import { figureText, headedFigure, intervalText, remarksOf } from '../task-figures.ts';

export interface ComparisonTable {
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly alignments: readonly Alignment[];
}

/** The table as a person reads it, on the screen and in Markdown. */
export function comparisonTable({ rows, texts, tasks }: CompareReport): ComparisonTable {
  const names = texts.map(({ name }) => name);
  const headings = [
    'Method',
    'Zeros',
    ...names.flatMap((name) => [name, 'change']),
    ...tasks.map(({ label }) => `${label}: ${headedFigure(leadingFigure(rows[0], label).name)}`),
    'Time',
  ];
  return {
    headings,
    rows: rows.map((row) => {
      const { method, settings, sparsity, perplexities, seconds } = row;
      return [
        method,
        formatPercent(sparsity),
        ...names.flatMap((name) => {
          const { perplexity, change } = perplexities[name];
          return [formatFigure(perplexity, 4), settings ? formatChange(change) : ''];
        }),
        ...tasks.map(({ label }) => taskCell(leadingFigure(row, label))),
        settings ? formatDuration(1000 * (seconds.scoring + seconds.pruning)) : '',
      ];
    }),
    alignments: ['left', ...headings.slice(1).map((): Alignment => 'right')],
  };
}

/** The figure that stands for a task. */
export const leadingFigure = (row: CompareReport['rows'][number], label: string): FigureResult =>
  row.tasks[label][0];

/** `44.0 (37.5 to 50.5)` and what must not be overlooked. */
export const taskCell = (figure: FigureResult): string =>
  [`${figureText(figure.name, figure.value)} (${intervalText(figure, figure)})`, ...remarksOf(figure)].join(
    ', ',
  );

/** 0.123 → `+12.3 %`, −0.01 → `−1.00 %`, 54.2 → `×55.2`. */
export function formatChange(change: number): string {
  if (change >= 10) return `×${formatFigure(1 + change, 3)}`;
  return `${change < 0 ? '−' : '+'}${formatFigure(100 * Math.abs(change), 3)} %`;
}

/** What a reader must know to read the table, a sentence or two each. */
export function comparisonRemarks({ rows, texts, tasks, settings, backend }: CompareReport): string[] {
  const notes = new Set(rows.flatMap((row) => row.notes));
  return [
    ...perplexityRemarks(rows, texts),
    ...(tasks.length > 0 ? [TASK_REMARK] : []),
    `Zeros are counted among the weights that may be pruned. Time is that of scoring and pruning on the backend ${backend}; methods that share scores have the whole time of scoring each.`,
    `Calibrated with seed ${settings.seed}; pattern ${settings.pattern}.`,
    ...[...notes].map((note) => `Note: ${note}`),
  ];
}

const TASK_REMARK =
  'Of each task the leading figure with its 95 % interval; “not distinguishable”: from the dense model on the same items; “at chance level”: the interval holds what is reached without reading.';

function perplexityRemarks(rows: CompareReport['rows'], texts: CompareReport['texts']): string[] {
  const [first] = texts;
  if (!first) return [];
  const { window, stride } = first;
  const scored = texts
    .map(({ name }) => `${formatCount(rows[0].perplexities[name].scoredTokens)} of ${name}`)
    .join(', ');
  return [
    `Perplexity over window ${window} and stride ${stride} tokens, lower is better; tokens scored: ${scored}. Changes are to the dense model.`,
  ];
}
