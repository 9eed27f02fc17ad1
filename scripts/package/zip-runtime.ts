import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Runtime } from '../electron/runtime.ts';

/** The unpacked Electron as the archive that the packager asks for, without the default application in it. */
export function zipRuntime(runtime: Runtime, folder: string): string {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const archive = join(folder, `electron-v${runtime.version}-${process.platform}-${process.arch}.zip`);
  const [program, options] =
    process.platform === 'win32'
      ? ['tar', ['-a', '-c', '-f', archive, '--exclude', 'resources/app', '*']]
      : ['zip', ['-q', '-r', '-1', '-y', archive, '.', '-x', 'resources/app/*']];
  execFileSync(program, options as string[], { cwd: runtime.folder });
  return folder;
}
