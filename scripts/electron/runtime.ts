import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { say } from '../bootstrap/project.mjs';
import { cacheFolder } from '../set-up/cache-folder.ts';
import { lastLines, runCommand } from '../set-up/command.ts';
import { Unavailable } from '../set-up/unavailable.ts';
import { offlineRuntimeFolder, provideOfflineRuntime } from './offline-runtime.ts';

const electronPackage = dirname(createRequire(import.meta.url).resolve('electron/package.json'));

/** An unpacked Electron. */
export interface Runtime {
  readonly folder: string;
  readonly executable: string;
  readonly version: string;
}

/**
 * The current Electron, downloaded by its own script into its own cache where the network allows; else the older one.
 * `ELECTRON_OVERRIDE_DIST_PATH` names a folder that goes before both.
 *
 * @throws Unavailable when there is none
 */
export async function provideRuntime(): Promise<Runtime> {
  const chosen = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (chosen) return openChosen(chosen);
  const current = openRuntime(join(electronPackage, 'dist'));
  if (current) return current;
  const cached = openRuntime(offlineRuntimeFolder(cacheFolder()));
  // Whoever could not reach the download yesterday should not wait for it at each start.
  const failure = cached ? null : await downloadCurrent();
  const downloaded = openRuntime(join(electronPackage, 'dist'));
  if (failure === null && downloaded) return downloaded;
  return provideOlder(failure);
}

/** Tries the download once more although there is an older Electron in the cache. */
export async function updateRuntime(): Promise<void> {
  if (openRuntime(offlineRuntimeFolder(cacheFolder()))) await downloadCurrent();
}

async function provideOlder(failure: string | null): Promise<Runtime> {
  try {
    const folder = await provideOfflineRuntime(cacheFolder());
    const runtime = openRuntime(folder);
    if (!runtime) throw new Unavailable(`There is no Electron in ${folder}.`, 'Delete that folder.');
    if (failure !== null) say(`Electron ${runtime.version} takes the place of the current one.`);
    return runtime;
  } catch (error) {
    if (!(error instanceof Unavailable) || failure === null) throw error;
    throw new Unavailable(`${failure}\n${error.message}`, error.fix);
  }
}

function openChosen(folder: string): Runtime {
  const runtime = openRuntime(folder);
  if (runtime) return runtime;
  throw new Unavailable(
    `ELECTRON_OVERRIDE_DIST_PATH names ${folder}, which holds no Electron (a program and a file called version).`,
    'Set it to an unpacked Electron, or unset it.',
  );
}

function openRuntime(folder: string): Runtime | null {
  const executable = join(folder, executableName());
  const version = join(folder, 'version');
  if (!existsSync(executable) || !existsSync(version)) return null;
  return { folder, executable, version: readFileSync(version, 'utf8').trim().replace(/^v/, '') };
}

function executableName(): string {
  if (process.platform === 'win32') return 'electron.exe';
  return process.platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : 'electron';
}

/** @returns why it did not succeed, or null */
async function downloadCurrent(): Promise<string | null> {
  const { version } = JSON.parse(readFileSync(join(electronPackage, 'package.json'), 'utf8'));
  say(`Downloading Electron ${version} (about 120 MB, once) …`);
  const { exitCode, output } = await runCommand(process.execPath, [join(electronPackage, 'install.js')]);
  if (exitCode === 0) return null;
  const reason = output.split('\n').find((line) => /error/i.test(line)) ?? lastLines(output, 1);
  const failure = `Electron ${version} could not be downloaded (${reason.trim()}).`;
  say(failure);
  return failure;
}
