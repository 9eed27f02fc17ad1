import Typography from '@mui/material/Typography';
import type { TaskResult } from '../../src/contract/task.ts';
import { formatFigure } from '../words/quantities.ts';

export type Estimate = TaskResult['figures'][number]['dense'];

/** Shares with three decimals, so that they stand under one another; what is larger with three digits. */
const formatSize = (value: number): string =>
  Math.abs(value) < 1 ? Math.abs(value).toFixed(3) : formatFigure(Math.abs(value), 3);

/** A figure with its 95 % interval. */
export function Interval({ of, isSigned = false }: { readonly of: Estimate; readonly isSigned?: boolean }) {
  const format = (value: number) =>
    `${value < 0 ? '−' : isSigned && value > 0 ? '+' : ''}${formatSize(value)}`;
  return (
    <>
      {format(of.value)}{' '}
      <Typography variant="body2" component="span" color="textSecondary" sx={{ whiteSpace: 'nowrap' }}>
        [{format(of.low)}, {format(of.high)}]
      </Typography>
    </>
  );
}
