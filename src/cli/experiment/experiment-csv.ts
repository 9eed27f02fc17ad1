import type { ExperimentReport } from '../../contract/experiment.ts';
import { csvLines } from '../compare/comparison-csv.ts';

/** Every table in full precision, one below the other, a blank line between; what they depend on is in the Markdown and the JSON. */
export function experimentCsv({ tables }: ExperimentReport): string {
  const parts = tables.map(({ columns, rows }) =>
    csvLines([columns.map(({ name }) => name), ...rows.map((row) => row.map((cell) => cell ?? ''))]),
  );
  return parts.join('\r\n');
}
