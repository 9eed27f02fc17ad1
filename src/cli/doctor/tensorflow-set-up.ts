import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';

/** What `npm run setup` left behind: TensorFlow's library and its link to Node, or why they could not be had. */
export type TensorflowSetUp =
  | { readonly state: 'ready'; readonly libraryFolder: string }
  | { readonly state: 'unavailable'; readonly reason: string; readonly fix: string }
  | { readonly state: 'not-set-up'; readonly fix: string };

const SET_UP_CACHE = join(import.meta.dirname, '../../../node_modules/.cache/dpruner');

const unavailableFile = z.object({ reason: z.string(), fix: z.string() });
const readyFile = z.object({ needs: z.array(z.object({ path: z.string() })) });

/** @param cache the folder in which set-up leaves its notes */
export async function readTensorflowSetUp(cache = SET_UP_CACHE): Promise<TensorflowSetUp> {
  const unavailable = unavailableFile.safeParse(await readNote(join(cache, 'tensorflow-unavailable.json')));
  if (unavailable.success) return { state: 'unavailable', ...unavailable.data };
  const ready = readyFile.safeParse(await readNote(join(cache, 'ready.json')));
  const library = ready.data?.needs.find(({ path }) => /tensorflow(_cc)?\.(so|dll|dylib)/.test(path));
  if (library && existsSync(library.path)) return { state: 'ready', libraryFolder: dirname(library.path) };
  return { state: 'not-set-up', fix: 'Run `npm run setup`.' };
}

/** null for a note that is not there or cannot be read. */
async function readNote(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return null;
  }
}
