import FormControl from '@mui/material/FormControl';
import FormControlLabel from '@mui/material/FormControlLabel';
import FormHelperText from '@mui/material/FormHelperText';
import Switch from '@mui/material/Switch';
import type { ReactNode } from 'react';

interface SwitchFieldProps {
  readonly label: string;
  readonly isOn: boolean;
  readonly help?: ReactNode;
  readonly disabled?: boolean;
  readonly onChange: (isOn: boolean) => void;
}

/** On or off. */
export function SwitchField({ label, isOn, help, disabled = false, onChange }: SwitchFieldProps) {
  return (
    <FormControl disabled={disabled}>
      <FormControlLabel
        control={<Switch checked={isOn} onChange={(_, checked) => onChange(checked)} />}
        label={label}
      />
      {help && <FormHelperText component="div">{help}</FormHelperText>}
    </FormControl>
  );
}
