import { readdirSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Folders } from '../folders.ts';

/** Removes everything that an experiment has. */
export async function removeExperimentFiles(folders: Folders, id: number): Promise<void> {
  await rm(folders.experiment(id), { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

/** Removes finished points, scores and temporary files; the report stays. */
export async function clearWork(folders: Folders, id: number): Promise<void> {
  for (const folder of [folders.experimentWork(id), folders.experimentTemporary(id)])
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  await rm(folders.experimentPreset(id), { force: true });
}

/** Removes what derives from texts, which a killed worker has left; finished points and layers stay. */
export function removeExperimentScratch(folders: Folders, id: number): void {
  const runs = join(folders.experimentWork(id), 'runs');
  for (const scratch of namesIn(runs).map((name) => join(runs, name, 'scratch')))
    rmSync(scratch, { recursive: true, force: true });
  rmSync(folders.experimentTemporary(id), { recursive: true, force: true });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // it had not begun
  }
}
