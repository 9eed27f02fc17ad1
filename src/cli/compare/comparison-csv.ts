import type { FigureName } from '../../contract/task.ts';
import type { CompareReport } from '../../engine/comparison/comparison.ts';
import type { FigureResult } from '../../engine/evaluation/tasks/task-result.ts';
import { remarksOf } from '../task-figures.ts';

/** The rows in full precision (RFC 4180); what they depend on is in the Markdown and the JSON beside it. */
export function comparisonCsv({ rows, texts, tasks }: CompareReport): string {
  const names = texts.map(({ name }) => name);
  const headings = [
    ...['method', 'sparsity', 'zeros', 'weights'],
    ...names.flatMap((name) => [`perplexity ${name}`, `change ${name}`]),
    ...tasks.flatMap(({ label }) => rows[0].tasks[label].flatMap(({ name }) => figureHeadings(label, name))),
    ...['seconds scoring', 'seconds pruning', 'seconds measuring'],
  ];
  const lines = rows.map(({ method, sparsity, zeros, size, perplexities, tasks: figures, seconds }) => [
    method,
    sparsity,
    zeros,
    size,
    ...names.flatMap((name) => [perplexities[name].perplexity, perplexities[name].change]),
    ...tasks.flatMap(({ label }) => figures[label].flatMap(figureCells)),
    seconds.scoring,
    seconds.pruning,
    seconds.measuring,
  ]);
  return csvLines([headings, ...lines]);
}

const figureHeadings = (label: string, name: FigureName): string[] =>
  ['', ' low', ' high', ' difference', ' difference low', ' difference high', ' remark'].map(
    (part) => `${label} ${name}${part}`,
  );

/** The dense model has no differences. */
function figureCells(figure: FigureResult): (string | number)[] {
  const { value, low, high, against } = figure;
  const difference = against ? [against.difference, against.low, against.high] : ['', '', ''];
  return [value, low, high, ...difference, remarksOf(figure).join('; ')];
}

/** As RFC 4180 has them. */
export const csvLines = (rows: readonly (readonly (string | number)[])[]): string =>
  rows.map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('');

function csvCell(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
