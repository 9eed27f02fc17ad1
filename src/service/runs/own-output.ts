import { existsSync } from 'node:fs';
import { lstat, readdir, readFile, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { CARD_FILE, SOURCE_CARD_FILE } from '../../engine/export/model-card.ts';
import { isAlive } from './process-alive.ts';

export const RECORD_FILE = 'dpruner.json';

const record = z.looseObject({
  modelFingerprint: z.string().optional(),
  settings: z.record(z.string(), z.unknown()),
  domainTokens: z.object({ sha256: z.string() }).nullish(),
  openTokens: z.object({ sha256: z.string() }).nullish(),
  weightFiles: z.record(z.string(), z.object({ bytes: z.number(), sha256: z.string() })),
});

/** What an export says of itself; null where the folder is none. */
export async function readExportRecord(outDir: string) {
  try {
    return record.parse(JSON.parse(await readFile(join(outDir, RECORD_FILE), 'utf8')));
  } catch {
    return null;
  }
}

/**
 * Whether the output folder is what this very run has written: a worker may have been killed between putting it in
 * its place and saying so. Then it may be written again.
 */
export async function isOutputOfRun(outDir: string, engineRun: string): Promise<boolean> {
  const [written, run] = [await readExportRecord(outDir), await readRunRecord(engineRun)];
  if (!written || !run) return false;
  return (
    written.modelFingerprint === run.modelFingerprint &&
    JSON.stringify(written.settings) === JSON.stringify(run.settings) &&
    written.domainTokens?.sha256 === run.domainTokens?.sha256 &&
    written.openTokens?.sha256 === run.openTokens?.sha256
  );
}

async function readRunRecord(engineRun: string) {
  try {
    return record
      .omit({ weightFiles: true })
      .parse(JSON.parse(await readFile(join(engineRun, 'run.json'), 'utf8')));
  } catch {
    return null;
  }
}

/**
 * Removes a pruned model, if it is still the one whose weight files had these hashes: its weight files, its record, its card, and what
 * was copied from the source model. Whatever else somebody has put there stays, and with it the folder.
 * @returns whether it was that model
 */
export async function removeOutput(
  outDir: string,
  modelDir: string,
  weightFiles: readonly { readonly name: string; readonly sha256: string }[],
): Promise<boolean> {
  const written = await readExportRecord(outDir);
  const isOurs =
    written !== null &&
    Object.keys(written.weightFiles).length === weightFiles.length &&
    weightFiles.every(({ name, sha256 }) => written.weightFiles[name]?.sha256 === sha256);
  if (!isOurs) return false;
  const names = [...weightFiles.map(({ name }) => name), RECORD_FILE, CARD_FILE, SOURCE_CARD_FILE];
  for (const name of await readdir(outDir)) {
    const isFile = (await lstat(join(outDir, name))).isFile();
    const isWritten = names.includes(name) || existsSync(join(modelDir, name));
    if (isFile && isWritten) await rm(join(outDir, name), { force: true });
  }
  await rmdir(outDir).catch(() => {}); // not empty: something in it is not ours
  return true;
}

/** Removes half-written outputs that killed workers have left beside `outDir`. */
export async function removePartialOutputs(outDir: string): Promise<void> {
  const [parent, start] = [dirname(outDir), `${basename(outDir)}.partial-`];
  const names = await readdir(parent).catch(() => []);
  for (const name of names.filter((other) => other.startsWith(start))) {
    const pid = Number(name.slice(start.length));
    if (pid > 0 && !isAlive(pid)) await rm(join(parent, name), { recursive: true, force: true });
  }
}
