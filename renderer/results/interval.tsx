import Typography from '@mui/material/Typography';
import type { TaskResult } from '../../src/contract/task.ts';
import { formatFigure } from '../words/quantities.ts';

export type Estimate = TaskResult['figures'][number]['dense'];

/** A figure with its 95 % interval. */
export function Interval({ of, isSigned = false }: { readonly of: Estimate; readonly isSigned?: boolean }) {
  const format = (value: number) => `${isSigned && value > 0 ? '+' : ''}${formatFigure(value, 3)}`;
  return (
    <>
      {format(of.value)}{' '}
      <Typography variant="body2" component="span" color="textSecondary" sx={{ whiteSpace: 'nowrap' }}>
        [{format(of.low)}, {format(of.high)}]
      </Typography>
    </>
  );
}
