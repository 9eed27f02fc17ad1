import Box from '@mui/material/Box';
import Slider from '@mui/material/Slider';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { useId } from 'react';
import { Term } from './term.tsx';

const marks = [
  { value: 0, label: 'General' },
  { value: 0.5, label: 'Both' },
  { value: 1, label: 'Domain' },
];

interface MuSliderProps {
  readonly value: number;
  readonly onChange: (value: number) => void;
  /** null where it can be moved. */
  readonly whyDisabled?: string | null;
}

/** General ↔ domain. */
export function MuSlider({ value, onChange, whyDisabled = null }: MuSliderProps) {
  const id = useId();
  return (
    <Box>
      <Stack direction="row" sx={{ justifyContent: 'space-between' }}>
        <Typography component="span">
          <Term of="mu">
            <span id={id}>General ↔ domain (μ)</span>
          </Term>
        </Typography>
        <Typography sx={{ fontWeight: 620 }}>{whyDisabled === null ? value.toFixed(2) : '–'}</Typography>
      </Stack>
      <Slider
        value={value}
        min={0}
        max={1}
        step={0.05}
        marks={marks}
        disabled={whyDisabled !== null}
        aria-labelledby={id}
        getAriaValueText={(mu) =>
          `${Math.round(100 * mu)} percent domain, ${Math.round(100 - 100 * mu)} percent general`
        }
        // Steps of the keyboard add up to 0.9000000000000004, which would stand in the run's record.
        onChange={(_, mu) => onChange(Math.round(100 * (mu as number)) / 100)}
        // The words at the ends stay within the slider's length.
        sx={{
          '& .MuiSlider-markLabel[data-index="0"]': { transform: 'none' },
          '& .MuiSlider-markLabel[data-index="2"]': { transform: 'translateX(-100%)' },
        }}
      />
      {whyDisabled && (
        <Typography variant="body2" color="textSecondary">
          {whyDisabled}
        </Typography>
      )}
    </Box>
  );
}
