/** Runs in the page's sandbox before the page: the only door to the main process, a few functions by name. */
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { Bridge } from '../src/contract/bridge.ts';
import { EVENT_CHANNEL, REQUEST_CHANNEL } from './channels.ts';

const bridge: Bridge = {
  request: (name, payload) => ipcRenderer.invoke(REQUEST_CHANNEL, name, payload),
  subscribe: (listener) => {
    // Electron's event, which the page must not get, stays here.
    const pass = (_event: unknown, name: string, payload: unknown) => listener(name, payload);
    ipcRenderer.on(EVENT_CHANNEL, pass);
    return () => void ipcRenderer.off(EVENT_CHANNEL, pass);
  },
  pathOfFile: (file) => {
    if (!(file instanceof File)) return '';
    // Electron 32 took the path off the file itself.
    return webUtils?.getPathForFile(file) ?? (file as File & { path?: string }).path ?? '';
  },
};

contextBridge.exposeInMainWorld('dpruner', bridge);
