import { createTheme, type Theme } from '@mui/material/styles';
import { CONTENT_ID } from './content-id.ts';
import { dataColours, type Mode } from './palette.ts';

declare module '@mui/material/styles' {
  interface Palette {
    data: (typeof dataColours)[Mode];
  }
  interface PaletteOptions {
    data?: (typeof dataColours)[Mode];
  }
}

const surfaces = {
  light: { default: '#f4f6f8', paper: '#ffffff' },
  dark: { default: '#11161c', paper: '#1a2129' },
};

export function makeTheme(mode: Mode): Theme {
  const isLight = mode === 'light';
  return createTheme({
    palette: {
      mode,
      primary: isLight ? { main: '#155a96' } : { main: '#84bff5' },
      secondary: isLight ? { main: '#0f6b5c' } : { main: '#5fd0ba' },
      error: isLight ? { main: '#b3261e' } : { main: '#ff9a90' },
      warning: isLight ? { main: '#8a5300' } : { main: '#f5be6a' },
      success: isLight ? { main: '#1d6b33' } : { main: '#7fd694' },
      info: isLight ? { main: '#155a96' } : { main: '#84bff5' },
      text: isLight
        ? { primary: '#18212b', secondary: '#4d5a68', disabled: '#66727f' }
        : { primary: '#e9eef4', secondary: '#b0bcc9', disabled: '#8f9baa' },
      background: surfaces[mode],
      data: dataColours[mode],
    },
    shape: { borderRadius: 8 },
    typography: {
      fontFamily: '"Inter Variable", "Segoe UI", system-ui, sans-serif',
      fontSize: 14,
      h1: { fontSize: '1.625rem', fontWeight: 650, lineHeight: 1.25, letterSpacing: '-0.01em' },
      h2: { fontSize: '1.125rem', fontWeight: 620, lineHeight: 1.35 },
      h3: { fontSize: '0.9375rem', fontWeight: 620, lineHeight: 1.4 },
      button: { textTransform: 'none', fontWeight: 560 },
    },
    components: {
      MuiCssBaseline: {
        styleOverrides: (theme: Theme) => ({
          '*:focus-visible': { outline: `2px solid ${theme.palette.primary.main}`, outlineOffset: 2 },
        }),
      },
      MuiButtonBase: {
        defaultProps: { disableRipple: true },
        styleOverrides: {
          root: ({ theme }) => ({
            '&.Mui-focusVisible': { outline: `2px solid ${theme.palette.primary.main}`, outlineOffset: 2 },
          }),
        },
      },
      MuiButton: { defaultProps: { disableElevation: true } },
      MuiPaper: { defaultProps: { elevation: 0, variant: 'outlined' } },
      MuiStack: { defaultProps: { useFlexGap: true } },
      // Menus open within the main landmark, so that a screen reader knows where it is.
      MuiPopover: { defaultProps: { container: () => document.getElementById(CONTENT_ID) } },
      MuiTextField: { defaultProps: { size: 'small' } },
      MuiTooltip: {
        defaultProps: { arrow: true, describeChild: true, enterTouchDelay: 0, leaveTouchDelay: 8000 },
      },
      MuiTableCell: {
        styleOverrides: {
          sizeSmall: { padding: '6px 12px' },
          head: ({ theme }) => ({ color: theme.palette.text.secondary }),
          // On a card, not on the window's ground.
          stickyHeader: ({ theme }) => ({ backgroundColor: theme.palette.background.paper }),
        },
      },
      MuiAlert: {
        styleOverrides: {
          message: { minWidth: 0, flex: 1 },
          action: { alignItems: 'center', paddingTop: 0, marginRight: 0 },
        },
      },
    },
  });
}
