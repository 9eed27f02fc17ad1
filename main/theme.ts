import { nativeTheme } from 'electron';
import type { AppSettings } from '../src/contract/app-settings.ts';
import type { ServiceProcess } from './service-process.ts';
import { readWindowState, writeWindowState } from './window-state.ts';

/** Light, dark or as the system is: what the setting says, and before the service can tell what it said last time. */
export function followTheme(service: ServiceProcess): void {
  nativeTheme.themeSource = readWindowState().theme;
  service.on('settings.changed', ({ settings }) => use(settings.theme));
  service.on('service.ready', () => {
    service.ask('settings.get', {}).then(
      ({ settings }) => use(settings.theme),
      () => {},
    );
  });
}

function use(theme: AppSettings['theme']): void {
  if (nativeTheme.themeSource === theme) return;
  nativeTheme.themeSource = theme;
  writeWindowState({ theme });
}
