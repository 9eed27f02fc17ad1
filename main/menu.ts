import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import type { SCREENS } from '../src/contract/main-events.ts';
import { EVENT_CHANNEL } from './channels.ts';
import type { MainWindow } from './window.ts';

/** The menu bar. What leads to a screen is told to the page. */
export function installMenu(window: MainWindow): void {
  const screen = (
    label: string,
    name: (typeof SCREENS)[number],
    accelerator?: string,
  ): MenuItemConstructorOptions => ({
    label,
    ...(accelerator ? { accelerator } : {}),
    click: () => {
      window.open();
      window.send(EVENT_CHANNEL, 'menu.open', { screen: name });
    },
  });
  const view: MenuItemConstructorOptions[] = [
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'togglefullscreen' },
  ];
  // Only in the project's own folder.
  if (!app.isPackaged) view.push({ role: 'reload' }, { role: 'toggleDevTools' });
  const template: MenuItemConstructorOptions[] = [
    {
      label: '&File',
      submenu: [
        screen('&New run', 'new-run', 'CmdOrCtrl+N'),
        screen('&Models', 'models'),
        { type: 'separator' },
        screen('&Settings', 'settings', 'CmdOrCtrl+,'),
        { type: 'separator' },
        { role: 'close' },
        { role: 'quit' },
      ],
    },
    {
      label: '&Edit',
      submenu: [
        { role: 'undo' },
        { role: 'redo' },
        { type: 'separator' },
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
      ],
    },
    {
      label: '&View',
      submenu: [
        screen('&History', 'history', 'CmdOrCtrl+H'),
        screen('&Experiments', 'experiments'),
        screen('&Audit trail', 'audit'),
        { type: 'separator' },
        ...view,
      ],
    },
    { label: '&Help', submenu: [screen('&About D-Pruner Desktop', 'about')] },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
