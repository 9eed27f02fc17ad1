import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';
import type { ReactNode } from 'react';

interface ChoiceFieldProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly choices: readonly (readonly [value: Value, title: string])[];
  readonly help?: ReactNode;
  readonly disabled?: boolean;
  readonly onChange: (value: Value) => void;
}

/** One of a few. */
export function ChoiceField<Value extends string>(props: ChoiceFieldProps<Value>) {
  const { label, value, choices, help, disabled = false, onChange } = props;
  return (
    <TextField
      select
      label={label}
      value={value}
      disabled={disabled}
      helperText={help ?? ' '}
      onChange={({ target }) => onChange(target.value as Value)}
    >
      {choices.map(([choice, title]) => (
        <MenuItem key={choice} value={choice}>
          {title}
        </MenuItem>
      ))}
    </TextField>
  );
}
