import Box from '@mui/material/Box';
import { useTheme } from '@mui/material/styles';
import Typography from '@mui/material/Typography';
import { heatStops } from '../theme/palette.ts';

/** Which colour means how much. */
export function HeatScale({ low, high }: { readonly low: string; readonly high: string }) {
  const { mode } = useTheme().palette;
  return (
    <Typography
      variant="caption"
      color="textSecondary"
      component="div"
      sx={{ display: 'flex', alignItems: 'center', gap: 1, whiteSpace: 'nowrap' }}
    >
      {low}
      <Box
        component="span"
        sx={{
          width: 96,
          height: 10,
          borderRadius: '3px',
          border: 1,
          borderColor: 'divider',
          background: `linear-gradient(to right, ${heatStops[mode].join(',')})`,
        }}
      />
      {high}
    </Typography>
  );
}
