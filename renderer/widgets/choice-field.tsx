import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';
import type { Jargon } from '../words/glossary.ts';
import { Explained } from './explained.tsx';

interface ChoiceFieldProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly choices: readonly (readonly [value: Value, title: string])[];
  /** A sentence below it. */
  readonly note?: string;
  /** What is explained beside it; null keeps the room, as in a grid. */
  readonly explains?: Jargon | null;
  readonly disabled?: boolean;
  readonly onChange: (value: Value) => void;
}

/** One of a few. */
export function ChoiceField<Value extends string>(props: ChoiceFieldProps<Value>) {
  const { label, value, choices, note, explains, disabled = false, onChange } = props;
  const field = (
    <TextField
      select
      label={label}
      value={value}
      disabled={disabled}
      helperText={note}
      onChange={({ target }) => onChange(target.value as Value)}
    >
      {choices.map(([choice, title]) => (
        <MenuItem key={choice} value={choice}>
          {title}
        </MenuItem>
      ))}
    </TextField>
  );
  return explains === undefined ? field : <Explained by={explains}>{field}</Explained>;
}
