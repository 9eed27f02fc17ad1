import { statfs } from 'node:fs/promises';
import { availableParallelism, cpus, release, tmpdir, totalmem, type } from 'node:os';

/** Free space where something of ours is written. */
export interface DiskSpace {
  readonly purpose: string;
  readonly path: string;
  /** What this user may still write. */
  readonly freeBytes: number;
}

export interface Machine {
  readonly system: string;
  readonly architecture: string;
  readonly cpuModel: string;
  /** Cores that this process may use. */
  readonly cores: number;
  readonly memoryTotalBytes: number;
  /** What a program can still have without swapping, within the limits set on this process. */
  readonly memoryFreeBytes: number;
  readonly disks: readonly DiskSpace[];
}

/** @param cacheFolder where set-up keeps TensorFlow's library; null if it has none */
export async function examineMachine(cacheFolder: string | null): Promise<Machine> {
  const places: [purpose: string, path: string][] = [
    ['this folder', process.cwd()],
    ['temporary files', tmpdir()],
    ...(cacheFolder === null ? [] : [['TensorFlow library', cacheFolder] as [string, string]]),
  ];
  return {
    system: `${type()} ${release()}`,
    architecture: process.arch,
    cpuModel: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryTotalBytes: totalmem(),
    memoryFreeBytes: process.availableMemory(),
    disks: await Promise.all(places.map(([purpose, path]) => measureDisk(purpose, path))),
  };
}

async function measureDisk(purpose: string, path: string): Promise<DiskSpace> {
  const { bavail, bsize } = await statfs(path);
  return { purpose, path, freeBytes: bavail * bsize };
}
