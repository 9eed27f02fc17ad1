import type { ExperimentCell, ExperimentColumn } from '../../contract/experiment.ts';
import { formatChange } from '../compare/comparison-rows.ts';
import { formatCount, formatDuration, formatFigure, formatPercent } from '../quantities.ts';
import type { Alignment } from '../table.ts';

/** A cell as a person reads it; nothing where there is nothing. */
export function formatCell(cell: ExperimentCell, { kind }: ExperimentColumn): string {
  if (cell === null || typeof cell === 'string') return cell ?? '';
  if (!Number.isFinite(cell)) return '–';
  switch (kind) {
    case 'count':
      return formatCount(cell);
    case 'share':
      return formatPercent(cell);
    case 'change':
      return formatChange(cell);
    case 'seconds':
      return formatDuration(1000 * cell);
    default:
      return formatAnyFigure(cell);
  }
}

/** Importances are of any size. */
function formatAnyFigure(figure: number): string {
  const isPlain = figure === 0 || (Math.abs(figure) >= 1e-3 && Math.abs(figure) < 1e7);
  return isPlain ? formatFigure(figure, 4) : figure.toExponential(2);
}

export const alignmentsOf = (columns: readonly ExperimentColumn[]): Alignment[] =>
  columns.map(({ kind }) => (kind === 'text' ? 'left' : 'right'));
