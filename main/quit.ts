import { app, dialog } from 'electron';
import type { ServiceProcess } from './service-process.ts';
import type { MainWindow } from './window.ts';

/**
 * Ends the service before the application: what is at work is paused and can be resumed. A window that is closed while a
 * run is at work asks whether to go on without it; opening the application again brings it back.
 */
export function quitWithService(service: ServiceProcess, window: MainWindow): void {
  let running = 0;
  let isQuitting = false;
  let isStopped = false;
  service.on('activity.changed', (activity) => {
    running = activity.running;
  });
  app.on('before-quit', () => {
    isQuitting = true;
  });
  app.on('window-all-closed', () => {
    // On macOS an application stays until it is quit; elsewhere it goes on only while a run is at work.
    if (process.platform === 'darwin' || isQuitting) return;
    if (running === 0) app.quit();
    else void askWhetherToGoOn(window);
  });
  app.on('will-quit', (event) => {
    if (isStopped) return;
    event.preventDefault();
    void service.stop().finally(() => {
      isStopped = true;
      // Without a service this comes while Electron is still asking, and then it would not hear it.
      setImmediate(() => app.quit());
    });
  });
  // What a shutdown of the system or a terminal sends.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.quit());
}

async function askWhetherToGoOn(window: MainWindow): Promise<void> {
  const { response } = await dialog.showMessageBox({
    type: 'question',
    title: app.getName(),
    message: 'A run is at work.',
    detail:
      'It can go on without the window: start D-Pruner Desktop again to see it. If you quit, the run is paused and can be resumed.',
    buttons: ['Go on without the window', 'Pause the run and quit', 'Show the window again'],
    defaultId: 0,
    cancelId: 2,
  });
  if (response === 1) app.quit();
  if (response === 2) window.open();
}
