import Box from '@mui/material/Box';
import Slider from '@mui/material/Slider';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { useId } from 'react';
import { formatPercent } from '../words/quantities.ts';
import { Term } from './term.tsx';

const marks = [10, 25, 50, 75, 90].map((value) => ({ value, label: formatPercent(value / 100) }));

interface SparsitySliderProps {
  /** Between 0 and 1. */
  readonly value: number;
  readonly onChange: (value: number) => void;
  /** null where it can be moved. */
  readonly whyDisabled?: string | null;
}

/** How many weights go. */
export function SparsitySlider({ value, onChange, whyDisabled = null }: SparsitySliderProps) {
  const id = useId();
  return (
    <Box>
      <Stack direction="row" sx={{ justifyContent: 'space-between' }}>
        <Typography component="span">
          <Term of="sparsity">
            <span id={id}>Sparsity</span>
          </Term>
        </Typography>
        <Typography sx={{ fontWeight: 620 }}>{formatPercent(value)}</Typography>
      </Stack>
      <Slider
        value={Math.round(100 * value)}
        min={5}
        max={95}
        marks={marks}
        disabled={whyDisabled !== null}
        aria-labelledby={id}
        getAriaValueText={(percent) => `${percent} percent of the weights go`}
        onChange={(_, percent) => onChange((percent as number) / 100)}
      />
      {whyDisabled && (
        <Typography variant="body2" color="textSecondary">
          {whyDisabled}
        </Typography>
      )}
    </Box>
  );
}
