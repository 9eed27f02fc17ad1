import { useEffect, useSyncExternalStore } from 'react';
import { useService } from '../bridge/use-service.ts';
import type { Mode } from './palette.ts';

const REMEMBERED = 'theme';
const darkSystem = window.matchMedia('(prefers-color-scheme: dark)');

/** Light or dark: as set, or as the system is. Remembered, so that a window opens in its colours before the service answers. */
export function useMode(): Mode {
  const systemMode = useSyncExternalStore(listenToSystem, () => (darkSystem.matches ? 'dark' : 'light'));
  const { data } = useService('settings.get', {});
  const theme = data?.settings.theme ?? localStorage.getItem(REMEMBERED);
  useEffect(() => {
    if (data) localStorage.setItem(REMEMBERED, data.settings.theme);
  }, [data]);
  return theme === 'light' || theme === 'dark' ? theme : systemMode;
}

function listenToSystem(onChange: () => void): () => void {
  darkSystem.addEventListener('change', onChange);
  return () => darkSystem.removeEventListener('change', onChange);
}
