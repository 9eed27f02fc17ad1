import type { Application } from './launch.ts';
import { commandLineOf, processTree } from './process-tree.ts';

export const servicePid = (application: Application): number => pidOf(application, 'src/service/main.ts');

/** Of the run or the export that is at work. */
export const workerPid = (application: Application): number => pidOf(application, 'src/service/worker.ts');

/** @throws when no process of the application runs this program */
function pidOf(application: Application, program: string): number {
  const pid = processTree(application.electron.process().pid ?? 0).find((one) =>
    commandLineOf(one).endsWith(program),
  );
  if (pid === undefined) throw new Error(`${program} is not running.`);
  return pid;
}
