import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { app, shell } from 'electron';
import type { z } from 'zod';
import { UserError } from '../src/contract/error.ts';
import type { MainReplyOf, MainRequestName, MainRequests } from '../src/contract/main-requests.ts';
import { chooseFiles, chooseFolder, chooseSaveFile } from './dialogs.ts';
import { readNotices } from './notices.ts';
import { printReport } from './print-report.ts';
import type { ServiceProcess } from './service-process.ts';
import type { MainWindow } from './window.ts';

/** One function for every request of the contract that the main process answers itself. */
export type MainAnswers = {
  readonly [Name in MainRequestName]: (
    request: z.output<MainRequests[Name]['request']>,
  ) => MainReplyOf<Name> | Promise<MainReplyOf<Name>>;
};

export function mainAnswers(service: ServiceProcess, window: MainWindow): MainAnswers {
  return {
    'dialog.chooseFolder': (request) => chooseFolder(window, request.title),
    'dialog.chooseFiles': (request) => chooseFiles(window, request),
    'dialog.chooseSaveFile': (request) => chooseSaveFile(window, request),
    'shell.showItem': ({ path }) => showItem(path),
    'reports.pdf': async ({ runId, file }) => {
      await printReport(service, runId, file);
      return {};
    },
    'app.versions': () => ({
      app: app.getVersion(),
      electron: process.versions.electron ?? '',
      chromium: process.versions.chrome ?? '',
      platform: `${process.platform} ${process.arch}`,
      notices: readNotices(),
    }),
    'service.restart': async () => {
      await service.restart();
      return {};
    },
    'service.state': () => service.state,
  };
}

/** Shows, never opens: a path must not become a program that is started. */
function showItem(path: string): Record<string, never> {
  if (!isAbsolute(path) || !existsSync(path)) {
    throw new UserError('PATH_MISSING', `${path} does not exist.`, 'It may have been moved or deleted.');
  }
  shell.showItemInFolder(path);
  return {};
}
