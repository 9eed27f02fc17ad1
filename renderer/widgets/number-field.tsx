import TextField from '@mui/material/TextField';
import { useEffect, useState } from 'react';
import type { Jargon } from '../words/glossary.ts';
import { Explained } from './explained.tsx';

interface NumberFieldProps {
  readonly label: string;
  readonly value: number | null;
  /** Shown while it is empty: what is taken then. */
  readonly emptyMeans?: string;
  readonly min: number;
  readonly max?: number;
  readonly isInteger?: boolean;
  readonly unit?: string;
  /** A sentence below it. */
  readonly note?: string;
  /** What is explained beside it; null keeps the room, as in a grid. */
  readonly explains?: Jargon | null;
  readonly disabled?: boolean;
  /** null when it was emptied, which only a field with `emptyMeans` allows. */
  readonly onChange: (value: number | null) => void;
}

/** A number with its limits. What cannot be taken stays in the field, with the reason under it. */
export function NumberField(props: NumberFieldProps) {
  const { label, value, emptyMeans, unit, note, explains, disabled = false, onChange } = props;
  const [text, setText] = useState(value === null ? '' : String(value));
  const fault = faultOf(text, props);
  useEffect(() => {
    setText((shown) => (readNumber(shown) === value ? shown : value === null ? '' : String(value)));
  }, [value]);
  const field = (
    <TextField
      label={unit ? `${label} (${unit})` : label}
      value={text}
      disabled={disabled}
      error={fault !== null}
      helperText={fault ?? note}
      placeholder={emptyMeans ?? ''}
      onChange={({ target }) => {
        setText(target.value);
        if (faultOf(target.value, props) === null) onChange(readNumber(target.value));
      }}
      slotProps={{
        htmlInput: { inputMode: 'decimal', spellCheck: false },
        ...(emptyMeans !== undefined && { inputLabel: { shrink: true } }),
      }}
    />
  );
  return explains === undefined ? field : <Explained by={explains}>{field}</Explained>;
}

const readNumber = (text: string): number | null =>
  text.trim() === '' ? null : Number(text.replace(',', '.'));

function faultOf(text: string, { emptyMeans, min, max, isInteger }: NumberFieldProps): string | null {
  const number = readNumber(text);
  if (number === null) return emptyMeans === undefined ? 'A number is needed.' : null;
  if (!Number.isFinite(number)) return 'This is not a number.';
  if (isInteger && !Number.isSafeInteger(number)) return 'A whole number is needed.';
  if (number < min) return `At least ${min}.`;
  if (max !== undefined && number > max) return `At most ${max}.`;
  return null;
}
