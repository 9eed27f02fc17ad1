import type { CompareReport } from '../../engine/comparison/comparison.ts';

/** The rows in full precision (RFC 4180); what they depend on is in the Markdown and the JSON beside it. */
export function comparisonCsv({ rows, texts }: CompareReport): string {
  const names = texts.map(({ name }) => name);
  const headings = [
    ...['method', 'sparsity', 'zeros', 'weights'],
    ...names.flatMap((name) => [`perplexity ${name}`, `change ${name}`]),
    ...['seconds scoring', 'seconds pruning', 'seconds measuring'],
  ];
  const lines = rows.map(({ method, sparsity, zeros, size, perplexities, seconds }) => [
    method,
    sparsity,
    zeros,
    size,
    ...names.flatMap((name) => [perplexities[name].perplexity, perplexities[name].change]),
    seconds.scoring,
    seconds.pruning,
    seconds.measuring,
  ]);
  return [headings, ...lines].map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('');
}

function csvCell(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
