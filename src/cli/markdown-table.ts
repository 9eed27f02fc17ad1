import type { Alignment } from './table.ts';

/** A table of Markdown; every row has as many cells as there are headings. */
export function markdownTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  alignments: readonly Alignment[],
): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const rule = alignments.map((alignment) => (alignment === 'right' ? '---:' : '---'));
  return [line(headings), line(rule), ...rows.map(line)].join('\n');
}
