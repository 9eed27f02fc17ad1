import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { projectFolder } from '../bootstrap/project.mjs';
import { cacheFolder } from '../set-up/cache-folder.ts';
import { tensorflowRelease } from '../set-up/tensorflow-release.ts';

/** What the service needs beside Electron's archive: its sources, which plain Node runs as they are, and its packages. */
export function stageService(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const part of ['src', 'resources', 'LICENSE', 'package.json']) {
    cpSync(join(projectFolder, part), join(folder, part), { recursive: true });
  }
  for (const path of productionPackages()) {
    cpSync(path, join(folder, relative(projectFolder, path)), { recursive: true, filter: isNeeded });
  }
  stageTensorflow(folder);
}

/** The Node that runs the service, and its licence. */
export function stageNode(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(process.execPath, join(folder, process.platform === 'win32' ? 'node.exe' : 'node'));
}

/** Node itself travels in a folder of its own. */
function productionPackages(): string[] {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const listed = execFileSync(npm, ['ls', '--omit=dev', '--all', '--parseable'], {
    cwd: projectFolder,
    encoding: 'utf8',
    shell: process.platform === 'win32',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return listed
    .split('\n')
    .filter((path) => path !== '' && path !== projectFolder && existsSync(path))
    .filter((path) => !/^node-(linux|win|darwin)-/.test(basename(path)));
}

/** Dawn's package holds it for every system. */
const DAWN = /[\\/]webgpu[\\/]dist[\\/]([^\\/]+)/;
const ownDawn = process.platform === 'darwin' ? 'darwin-universal' : `${process.platform}-${process.arch}`;

/** Maps of compiled sources are for debugging; packages within a package are listed by themselves. */
function isNeeded(path: string): boolean {
  const system = DAWN.exec(path)?.[1];
  return !path.endsWith('.map') && (system === undefined || system === ownDawn);
}

/**
 * TensorFlow beside its binding. The binding names the folder of set-up's cache as the place of its libraries; it is made
 * to name its own folder instead, which is shorter and so fits into the same bytes.
 */
function stageTensorflow(folder: string): void {
  const binding = join(folder, 'node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node');
  if (!existsSync(binding)) return;
  const library = join(cacheFolder(), tensorflowRelease.folder);
  const bytes = readFileSync(binding);
  const runPath = Buffer.from(`${library}\0`);
  const at = bytes.indexOf(runPath);
  if (at < 0)
    throw new Error(
      `${binding} does not look for its libraries in ${library}: run "DPRUNER_CUDA=0 npm run setup".`,
    );
  bytes.fill(0, at, at + runPath.length);
  bytes.write('$ORIGIN', at);
  writeFileSync(binding, bytes);
  for (const name of [...Object.keys(tensorflowRelease.libraries), 'THIRD_PARTY_NOTICES.txt']) {
    cpSync(join(library, name), join(binding, '..', name));
  }
}
