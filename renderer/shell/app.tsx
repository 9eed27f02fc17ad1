import { CacheProvider } from '@emotion/react';
import Box from '@mui/material/Box';
import CssBaseline from '@mui/material/CssBaseline';
import { ThemeProvider } from '@mui/material/styles';
import { QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { queryClient } from '../bridge/query-client.ts';
import { CONTENT_ID } from '../theme/content-id.ts';
import { styleCache } from '../theme/style-nonce.ts';
import { makeTheme } from '../theme/theme.ts';
import { useMode } from '../theme/use-mode.ts';
import { Announcer } from './announcer.tsx';
import { Navigation } from './navigation.tsx';
import { loadOtherScreens, Outlet } from './outlet.tsx';
import { ServiceBanner } from './service-banner.tsx';
import { useServiceState } from './service-state.ts';
import { SkipLink } from './skip-link.tsx';

/** The whole window. */
export function App() {
  return (
    <CacheProvider value={styleCache}>
      <QueryClientProvider client={queryClient}>
        <Themed />
      </QueryClientProvider>
    </CacheProvider>
  );
}

/** After the start has had the computer to itself for so long. */
const QUIET_MS = 1500;

function useOtherScreens(): void {
  const isReady = useServiceState(({ state }) => state === 'ready');
  useEffect(() => {
    if (!isReady) return;
    const timer = setTimeout(loadOtherScreens, QUIET_MS);
    return () => clearTimeout(timer);
  }, [isReady]);
}

function Themed() {
  const mode = useMode();
  const theme = useMemo(() => makeTheme(mode), [mode]);
  useOtherScreens();
  return (
    <ThemeProvider theme={theme}>
      <CssBaseline enableColorScheme />
      <SkipLink />
      <Box sx={{ display: 'flex', height: '100%' }}>
        <Navigation />
        <Box sx={{ flex: 1, minWidth: 0, display: 'flex', flexDirection: 'column' }}>
          <ServiceBanner />
          <Box
            component="main"
            id={CONTENT_ID}
            tabIndex={-1}
            sx={{ flex: 1, overflowY: 'auto', outline: 'none !important' }}
          >
            <Outlet />
          </Box>
        </Box>
      </Box>
      <Announcer />
    </ThemeProvider>
  );
}
