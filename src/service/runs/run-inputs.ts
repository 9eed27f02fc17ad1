import { stat } from 'node:fs/promises';
import type { RunRequest } from '../../contract/run-request.ts';
import { unreadable } from '../../engine/calibration/data-error.ts';
import { hashFile } from '../../engine/calibration/hash-file.ts';
import type { DatasetUse } from '../../history/run-store.ts';

/** Every data file of a run, with what it is for. */
export function filesOf({
  calibration,
  evaluation,
}: Pick<RunRequest, 'calibration' | 'evaluation'>): { part: string; path: string }[] {
  const parts = Object.entries(calibration?.data ?? {});
  return [
    ...parts.flatMap(([part, paths]) => paths.map((path) => ({ part, path }))),
    ...(calibration?.openFiles ?? []).map((path) => ({ part: 'open-domain', path })),
    ...evaluation.texts.map(({ name, file }) => ({ part: `evaluation: ${name}`, path: file })),
    ...evaluation.tasks.flatMap(({ name, files }) => files.map((path) => ({ part: `task: ${name}`, path }))),
  ];
}

/** The same by hash. @throws UserError DATA_UNREADABLE */
export const hashInputs = (request: RunRequest): Promise<DatasetUse[]> => hashFiles(filesOf(request));

/** Each file by hash, read once. @throws UserError DATA_UNREADABLE */
export async function hashFiles(
  files: readonly { readonly part: string; readonly path: string }[],
): Promise<DatasetUse[]> {
  const known = new Map<string, { sha256: string; bytes: number }>();
  const uses: DatasetUse[] = [];
  for (const { part, path } of files) {
    const identity = known.get(path) ?? (await identify(path));
    known.set(path, identity);
    uses.push({ part, path, ...identity });
  }
  return uses;
}

async function identify(path: string): Promise<{ sha256: string; bytes: number }> {
  try {
    return { sha256: await hashFile(path), bytes: (await stat(path)).size };
  } catch (error) {
    throw unreadable(path, error);
  }
}
