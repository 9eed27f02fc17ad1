import Box from '@mui/material/Box';
import Slider from '@mui/material/Slider';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { formatCounted } from '../words/quantities.ts';
import { changeDraft, useDraft } from './draft.ts';
import { moveShare } from './mix.ts';

/** One slider a part; moving one moves the others, so that they always add up to 100 %. */
export function MixSliders() {
  const parts = useDraft((draft) => draft.parts);
  const mix = useDraft((draft) => draft.mix);
  const samples = useDraft((draft) => draft.settings.samples);
  return (
    <Stack spacing={1.5}>
      {parts.map(({ name, title }) => {
        const percent = mix[name] ?? 0;
        return (
          <Box
            key={name}
            sx={{
              display: 'grid',
              gridTemplateColumns: 'minmax(160px, 300px) 1fr 170px',
              gap: 3,
              alignItems: 'center',
            }}
          >
            <Typography id={`mix-${name}`}>{title}</Typography>
            <Slider
              value={percent}
              min={0}
              max={100}
              step={1}
              disabled={parts.length === 1}
              aria-labelledby={`mix-${name}`}
              getAriaValueText={(value) => `${value} percent`}
              onChange={(_, value) => changeDraft({ mix: moveShare(mix, name, value as number) })}
            />
            <Typography sx={{ textAlign: 'right' }}>
              {percent} %{' '}
              <Typography component="span" variant="body2" color="textSecondary">
                ≈ {formatCounted(Math.round((samples * percent) / 100), 'sample')}
              </Typography>
            </Typography>
          </Box>
        );
      })}
      <Typography variant="body2" color="textSecondary" sx={{ textAlign: 'right' }}>
        Together 100 %. {parts.length > 1 && 'A part at 0 % is left out and needs no files.'}
      </Typography>
    </Stack>
  );
}
