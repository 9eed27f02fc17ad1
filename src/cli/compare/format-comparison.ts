import type { CompareReport } from '../../engine/comparison/comparison.ts';
import { formatPairs, formatTable } from '../table.ts';
import { comparisonRemarks, comparisonTable } from './comparison-rows.ts';
import type { TableFiles } from './table-files.ts';

/** What `compare` prints at its end. */
export function formatComparison(report: CompareReport, { markdown, csv, json }: TableFiles): string {
  const { headings, rows, alignments } = comparisonTable(report);
  return [
    formatTable(headings, rows, alignments),
    comparisonRemarks(report).join('\n'),
    formatPairs([
      ['Tables', [markdown, csv, json].join(', ')],
      ['Work folder', `${report.workDir} (finished rows and scores, for more rows later; may be removed)`],
    ]),
  ].join('\n\n');
}
