import type { CompareReport } from '../../engine/comparison/comparison.ts';
import { formatCount, formatDuration, formatFigure, formatPercent } from '../quantities.ts';
import type { Alignment } from '../table.ts';

export interface ComparisonTable {
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly alignments: readonly Alignment[];
}

/** The table as a person reads it, on the screen and in Markdown. */
export function comparisonTable({ rows, texts }: CompareReport): ComparisonTable {
  const names = texts.map(({ name }) => name);
  const headings = ['Method', 'Zeros', ...names.flatMap((name) => [name, 'change']), 'Time'];
  return {
    headings,
    rows: rows.map(({ method, settings, sparsity, perplexities, seconds }) => [
      method,
      formatPercent(sparsity),
      ...names.flatMap((name) => {
        const { perplexity, change } = perplexities[name];
        return [formatFigure(perplexity, 4), settings ? formatChange(change) : ''];
      }),
      settings ? formatDuration(1000 * (seconds.scoring + seconds.pruning)) : '',
    ]),
    alignments: ['left', ...headings.slice(1).map((): Alignment => 'right')],
  };
}

/** 0.123 → `+12.3 %`, −0.01 → `−1.00 %`, 54.2 → `×55.2`. */
function formatChange(change: number): string {
  if (change >= 10) return `×${formatFigure(1 + change, 3)}`;
  return `${change < 0 ? '−' : '+'}${formatFigure(100 * Math.abs(change), 3)} %`;
}

/** What a reader must know to read the table, a sentence or two each. */
export function comparisonRemarks({ rows, texts, settings, backend }: CompareReport): string[] {
  const [{ window, stride }] = texts;
  const scored = texts
    .map(({ name }) => `${formatCount(rows[0].perplexities[name].scoredTokens)} of ${name}`)
    .join(', ');
  const notes = new Set(rows.flatMap((row) => row.notes));
  return [
    `Perplexity over window ${window} and stride ${stride} tokens, lower is better; tokens scored: ${scored}. Changes are to the dense model.`,
    `Zeros are counted among the weights that may be pruned. Time is that of scoring and pruning on the backend ${backend}; methods that share scores have the whole time of scoring each.`,
    `Calibrated with seed ${settings.seed}; pattern ${settings.pattern}.`,
    ...[...notes].map((note) => `Note: ${note}`),
  ];
}
