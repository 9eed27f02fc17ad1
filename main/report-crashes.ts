import { app, dialog } from 'electron';

const MAX_RELOADS = 3;
const WITHIN_MS = 60_000;

/** A page that has crashed is loaded again; runs are not touched, they belong to the service. */
export function reportCrashes(): void {
  let reloads: number[] = [];
  app.on('render-process-gone', (_event, contents, { reason }) => {
    if (reason === 'clean-exit' || contents.isDestroyed()) return;
    const now = Date.now();
    reloads = [...reloads.filter((at) => now - at < WITHIN_MS), now];
    if (reloads.length <= MAX_RELOADS) {
      contents.reload();
      return;
    }
    dialog.showErrorBox(
      app.getName(),
      `The window has stopped working ${reloads.length} times within a minute (${reason}). Runs are not affected. Quit and start the application again.`,
    );
  });
  process.on('uncaughtException', (error) => {
    // No message: it may quote what was being worked on.
    console.error(
      `Unexpected ${error.name} in the main process`,
      error.stack?.split('\n').slice(1).join('\n'),
    );
    dialog.showErrorBox(
      app.getName(),
      `Something unexpected happened in the application (${error.name}). Quit and start it again; runs can be resumed.`,
    );
  });
}
