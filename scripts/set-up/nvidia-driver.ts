import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './command.ts';

export interface NvidiaGpu {
  readonly name: string;
  readonly driver: string;
}

/**
 * The NVIDIA graphics processors of this machine, as its driver tells; none where there is no driver. In a container there may be
 * the one or the other of its two ways to tell.
 * @param proc where the system's processes and drivers are shown as files
 */
export async function findNvidiaGpus(proc = '/proc'): Promise<NvidiaGpu[]> {
  const query = ['--query-gpu=name,driver_version', '--format=csv,noheader'];
  const { exitCode, output } = await runCommand('nvidia-smi', query);
  if (exitCode === 0) return output.split('\n').flatMap(parseRow);
  const text = await readFile(join(proc, 'driver/nvidia/version'), 'utf8').catch(() => '');
  const driver = /Kernel Module[^\n]*?\s(\d+\.[\d.]+)\s/.exec(text)?.[1];
  return driver === undefined ? [] : [{ name: 'NVIDIA', driver }];
}

function parseRow(row: string): NvidiaGpu[] {
  const [name, driver] = row.split(',').map((cell) => cell.trim());
  return name && driver && /^\d/.test(driver) ? [{ name, driver }] : [];
}
