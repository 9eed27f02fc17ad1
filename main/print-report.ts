import { open, rm } from 'node:fs/promises';
import { isAbsolute, relative } from 'node:path';
import { BrowserWindow } from 'electron';
import { UserError } from '../src/contract/error.ts';
import { realPathOfNewFile } from './real-path-of-new-file.ts';
import { addMadePage, removeMadePage } from './respond.ts';
import type { ServiceProcess } from './service-process.ts';

/** Prints the report of a run into a file that is not there yet. */
export async function printReport(service: ServiceProcess, runId: number, file: string): Promise<void> {
  await requireAllowed(service, file);
  const { html } = await service.ask('reports.html', { runId });
  const pdf = await print(html);
  await writeNewFile(file, pdf);
}

/** The same rule that the service keeps for what it writes itself. */
async function requireAllowed(service: ServiceProcess, file: string): Promise<void> {
  if (!isAbsolute(file))
    throw new UserError('PATH_RELATIVE', `${file} is no absolute path.`, 'Give the whole path.');
  const { policy } = await service.ask('policy.get', {});
  const real = await realPathOfNewFile(file);
  const allowed = policy?.allowedFolders ?? null;
  if (allowed === null || allowed.some((folder) => isInside(folder, real))) return;
  throw new UserError(
    'FOLDER_NOT_ALLOWED',
    `${file} lies outside of the folders that the administrators allow.`,
    `Choose a place in one of these: ${allowed.join(', ')}.`,
  );
}

function isInside(folder: string, file: string): boolean {
  const path = relative(folder, file);
  return path !== '' && !path.startsWith('..') && !isAbsolute(path);
}

async function print(html: string): Promise<Buffer> {
  const url = addMadePage(html);
  const window = new BrowserWindow({
    show: false,
    webPreferences: { javascript: false, sandbox: true, contextIsolation: true, spellcheck: false },
  });
  try {
    await window.loadURL(url);
    return await window.webContents.printToPDF({ printBackground: true, pageSize: 'A4' });
  } finally {
    removeMadePage(url);
    window.destroy();
  }
}

async function writeNewFile(file: string, content: Buffer): Promise<void> {
  const handle = await open(file, 'wx').catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EEXIST'
      ? new UserError(
          'FILE_EXISTS',
          `${file} is there already.`,
          'Choose another name, or remove the file first.',
        )
      : new UserError(
          'FILE_NOT_WRITTEN',
          `${file} cannot be written (${error.code}).`,
          'Choose another folder.',
        );
  });
  try {
    await handle.writeFile(content);
    await handle.sync();
  } catch (error) {
    await rm(file, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(
      'FILE_NOT_WRITTEN',
      `${file} could not be written (${code}).`,
      'Free some disk space.',
    );
  } finally {
    await handle.close();
  }
}
