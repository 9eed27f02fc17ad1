export type Mode = 'light' | 'dark';

/** What the plots and tables call things by; each pair holds 4.5:1 against its background as text. */
export const dataColours = {
  light: {
    general: '#1d5fa8',
    domain: '#b04a00',
    final: '#5b3fa0',
    dense: '#5b6472',
    pruned: '#0f6b5c',
    free: '#dfe4ea',
  },
  dark: {
    general: '#7db7f5',
    domain: '#f2a65e',
    final: '#bda7f5',
    dense: '#a9b4c2',
    pruned: '#5fd0ba',
    free: '#39424e',
  },
} as const;

/** From little to much, for heat maps: light to dark, and the other way round in the dark theme. */
export const heatStops = {
  light: ['#f1f5fa', '#b9d3ec', '#6ea6d8', '#2c6fae', '#0b3a66'],
  dark: ['#16202b', '#1f4468', '#2f74ad', '#6fb0e6', '#d6ebfc'],
} as const;
