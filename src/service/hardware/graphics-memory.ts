import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface GraphicsMemory {
  readonly name: string;
  readonly freeBytes: number;
  readonly totalBytes: number;
}

const MIB = 2 ** 20;
const PATIENCE_MS = 5000;
const QUERY = ['--query-gpu=name,memory.free,memory.total', '--format=csv,noheader,nounits'];

/** Of the first NVIDIA graphics processor, as its driver's own tool tells; null where there is none. */
export async function readGraphicsMemory(
  ask: () => Promise<string> = askDriver,
): Promise<GraphicsMemory | null> {
  const [row = ''] = (await ask().catch(() => '')).split('\n');
  const [name = '', free, total] = row.split(',').map((cell) => cell.trim());
  const [freeBytes, totalBytes] = [Number(free) * MIB, Number(total) * MIB];
  if (name === '' || !Number.isFinite(freeBytes) || !Number.isFinite(totalBytes)) return null;
  return { name, freeBytes, totalBytes };
}

async function askDriver(): Promise<string> {
  const { stdout } = await promisify(execFile)('nvidia-smi', QUERY, { timeout: PATIENCE_MS });
  return stdout;
}
