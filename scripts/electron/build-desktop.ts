import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, build as bundle } from 'esbuild';
import { build as buildInterface } from 'vite';
import { projectFolder } from '../bootstrap/project.mjs';

const out = join(projectFolder, 'dist');
const stampFile = join(out, 'built.json');

/** Builds the main process and the interface into dist/, unless their sources are those of the last time. */
export async function buildDesktop(): Promise<void> {
  const key = sourcesKey();
  if (readStamp() === key) return;
  rmSync(out, { recursive: true, force: true });
  await buildMain();
  await buildInterface({ configFile: join(projectFolder, 'vite.config.ts'), logLevel: 'warn' });
  writeFileSync(stampFile, JSON.stringify({ key }));
}

/** One CommonJS file each: Electron 22 loads no modules, and a sandboxed preload script can require nothing of ours. */
async function buildMain(): Promise<void> {
  const common: BuildOptions = {
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['electron'],
    legalComments: 'inline',
    absWorkingDir: projectFolder,
    logLevel: 'warning',
  };
  const folder = join(out, 'main');
  mkdirSync(folder, { recursive: true });
  // The oldest Electron that the application runs on has Node 16 and Chromium 108.
  await bundle({
    ...common,
    entryPoints: ['main/main.ts'],
    outfile: join(folder, 'main.cjs'),
    target: 'node16',
  });
  await bundle({
    ...common,
    entryPoints: ['main/preload.ts'],
    outfile: join(folder, 'preload.cjs'),
    target: 'chrome108',
  });
  copyFileSync(join(projectFolder, 'resources', 'icons', 'icon.png'), join(folder, 'icon.png'));
}

function sourcesKey(): string {
  const hash = createHash('sha256');
  const files = globSync(['main/**/*', 'renderer/**/*', 'src/contract/**/*', 'resources/icons/*'], {
    cwd: projectFolder,
    withFileTypes: true,
  })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const file of [
    ...files,
    join(projectFolder, 'vite.config.ts'),
    join(projectFolder, 'package-lock.json'),
    import.meta.filename,
  ]) {
    hash.update(file).update(readFileSync(file));
  }
  return hash.digest('hex');
}

function readStamp(): string | null {
  if (!existsSync(stampFile)) return null;
  return JSON.parse(readFileSync(stampFile, 'utf8')).key;
}
