import { useTheme } from '@mui/material/styles';

/** Colours for several series, told apart on either ground. */
export function useSeriesColours(): readonly string[] {
  const { palette } = useTheme();
  const { general, domain, final } = palette.data;
  return palette.mode === 'dark'
    ? [general, domain, final, '#4fc3a1', '#f08bb8', '#d6c04f', '#b0b0b0']
    : [general, domain, final, '#00795a', '#a8326e', '#6b5b00', '#444444'];
}
