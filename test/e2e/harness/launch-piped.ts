import { requireDesktop } from './desktop.ts';
import { sandboxArguments } from './environment.ts';
import { applicationEnvironment } from './launch.ts';
import { PipedApplication } from './pipe-debugger.ts';

/** @param command what to run the application with, for instance `['unshare', '-n']` */
export const launchPiped = (command: readonly string[], home: string): Promise<PipedApplication> =>
  PipedApplication.start(
    [...command, requireDesktop().executable, ...PipedApplication.arguments],
    applicationEnvironment(home),
  );

/** @param executable the application as an installer has put it there */
export const launchInstalled = (executable: string, home: string): Promise<PipedApplication> =>
  PipedApplication.start(
    [executable, ...sandboxArguments(), '--remote-debugging-pipe'],
    applicationEnvironment(home),
  );
