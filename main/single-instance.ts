import { app } from 'electron';

/** Whether this is the only instance. A second one hands its request to the first, which shows its window, and ends. */
export function takeSingleInstance(): boolean {
  const isFirst = app.requestSingleInstanceLock();
  if (!isFirst) app.exit(0);
  return isFirst;
}
