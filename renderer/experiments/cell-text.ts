import type { ExperimentCell, ExperimentColumn } from '../../src/contract/experiment.ts';
import {
  formatChange,
  formatCount,
  formatDuration,
  formatFigure,
  formatPercent,
} from '../words/quantities.ts';

/** A cell of an experiment's table as a person reads it. */
export function cellText(cell: ExperimentCell, kind: ExperimentColumn['kind']): string {
  if (cell === null) return '–';
  if (typeof cell === 'string') return cell;
  switch (kind) {
    case 'count':
      return formatCount(cell);
    case 'share':
      return formatPercent(cell);
    case 'change':
      return formatChange(1, 1 + cell);
    case 'seconds':
      return formatDuration(1000 * cell);
    default:
      return figureText(cell);
  }
}

/** Importances are of any size. */
export function figureText(figure: number): string {
  const isPlain = figure === 0 || (Math.abs(figure) >= 1e-3 && Math.abs(figure) < 1e7);
  return isPlain ? formatFigure(figure, 4) : figure.toExponential(2);
}
