import FormControl from '@mui/material/FormControl';
import FormControlLabel from '@mui/material/FormControlLabel';
import FormHelperText from '@mui/material/FormHelperText';
import Switch from '@mui/material/Switch';
import type { Jargon } from '../words/glossary.ts';
import { Explained } from './explained.tsx';

interface SwitchFieldProps {
  readonly label: string;
  readonly isOn: boolean;
  /** A sentence below it. */
  readonly note?: string;
  readonly explains?: Jargon;
  readonly disabled?: boolean;
  readonly onChange: (isOn: boolean) => void;
}

/** The width of the switch, after which its label begins. */
const LABEL_INDENT = '47px';

/** On or off. */
export function SwitchField({ label, isOn, note, explains, disabled = false, onChange }: SwitchFieldProps) {
  const field = (
    <FormControl disabled={disabled}>
      <FormControlLabel
        control={<Switch checked={isOn} onChange={(_, checked) => onChange(checked)} />}
        label={label}
      />
      {note && <FormHelperText sx={{ ml: LABEL_INDENT, mt: -0.5 }}>{note}</FormHelperText>}
    </FormControl>
  );
  return explains === undefined ? (
    field
  ) : (
    <Explained by={explains} isClose>
      {field}
    </Explained>
  );
}
