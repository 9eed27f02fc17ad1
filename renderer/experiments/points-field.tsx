import TextField from '@mui/material/TextField';
import type { PresetPart } from '../../src/contract/preset.ts';
import { points, type SweepName } from './experiment-words.ts';
import { readPoints } from './read-points.ts';

interface PointsFieldProps {
  readonly sweep: SweepName;
  /** Of the domain's mix. */
  readonly parts: readonly Pick<PresetPart, 'title'>[];
  readonly value: string;
  readonly onChange: (text: string) => void;
}

/** Where the points of a sweep lie; what cannot be taken stays in the field, with the reason under it. */
export function PointsField({ sweep, parts, value, onChange }: PointsFieldProps) {
  const { label, usual, kind } = points[sweep];
  const { fault } = readPoints(sweep, value, parts.length);
  const order = kind === 'mix' ? ` The parts: ${parts.map(({ title }) => title).join(' / ')}.` : '';
  return (
    <TextField
      label={label}
      value={value}
      error={fault !== null}
      placeholder={usual}
      helperText={fault ?? `Separated by commas. Empty: the usual ones, as shown.${order}`}
      onChange={({ target }) => onChange(target.value)}
      slotProps={{ inputLabel: { shrink: true }, htmlInput: { spellCheck: false, maxLength: 1000 } }}
    />
  );
}
