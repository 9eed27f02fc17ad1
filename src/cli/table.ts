/** How a column's cells stand under its heading. */
export type Alignment = 'left' | 'right';

/**
 * A plain table: columns two blanks apart, a rule under the headings, no trailing blanks and no line break at the end.
 * Every row has as many cells as there are headings; columns beyond `alignments` are on the left.
 */
export function formatTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  alignments: readonly Alignment[] = [],
): string {
  const widths = headings.map((heading, column) =>
    Math.max(...[heading, ...rows.map((row) => row[column])].map(textWidth)),
  );
  const rule = widths.map((width) => '─'.repeat(width));
  return [headings, rule, ...rows].map((row) => alignRow(row, widths, alignments)).join('\n');
}

/** Pairs of a name and a value, the values under each other. */
export function formatPairs(pairs: readonly (readonly [name: string, value: string])[]): string {
  const width = Math.max(0, ...pairs.map(([name]) => textWidth(name)));
  return pairs.map(([name, value]) => alignRow([name, value], [width, 0], [])).join('\n');
}

function alignRow(
  row: readonly string[],
  widths: readonly number[],
  alignments: readonly Alignment[],
): string {
  const cells = row.map((cell, column) => {
    const padding = ' '.repeat(Math.max(0, widths[column] - textWidth(cell)));
    return alignments[column] === 'right' ? padding + cell : cell + padding;
  });
  return cells.join('  ').trimEnd();
}

/** Code points rather than UTF-16 units. */
const textWidth = (text: string): number => [...text].length;
