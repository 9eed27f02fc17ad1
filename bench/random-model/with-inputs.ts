import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type RandomInputs, writeRandomInputs } from './write-inputs.ts';

/**
 * Writes a model and texts into a new folder below `work`, measures with them, and removes the folder.
 * @param measure gets the options of `plan` and `prune` that name them and an output, and the folder
 */
export async function withRandomInputs<T>(
  work: string,
  inputs: RandomInputs,
  measure: (options: string[], folder: string) => T | Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(work, 'dpruner-bench-'));
  try {
    const options = await writeRandomInputs(folder, inputs);
    return await measure([...options, '--out', join(folder, 'out')], folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
