import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { UserError } from '../../contract/error.ts';
import { writeDurably } from '../checkpoint/durable-file.ts';
import { openReadOnly } from '../checkpoint/open-read-only.ts';
import { INDEX_FILE, PICKLE } from '../checkpoint/weight-files.ts';
import { CARD_FILE, SOURCE_CARD_FILE } from './model-card.ts';
import { RECORD_FILE } from './output-folder.ts';

/** A file of the model that is not its weights. */
export interface CompanionFile {
  /** Path inside the model folder, with `/`. */
  readonly name: string;
  readonly bytes: number;
}

/** The one subfolder that belongs to a model as transformers saves it. */
const CHAT_TEMPLATES = 'additional_chat_templates';
const WEIGHTS = /\.(safetensors|gguf|ggml|h5|msgpack|onnx|onnx_data|npz|ot|tflite)$/i;

/**
 * What an export copies: configuration, tokenizer, templates, licence and the like; no weights in whatever
 * format, no hidden files, no other subfolders. A link is followed within the model folder and within the Hugging
 * Face cache; EXPORT_LINK_OUTSIDE refuses one that would carry some other file of the machine into the export.
 */
export async function listCompanionFiles(dir: string, isSharded: boolean): Promise<CompanionFile[]> {
  const root = await realpath(dir);
  const allowed = [root];
  if (basename(dirname(root)) === 'snapshots') allowed.push(join(dirname(dirname(root)), 'blobs'));
  const files: CompanionFile[] = [];
  const collect = async (folder: string) => {
    for (const entry of await readdir(join(dir, folder))) {
      const name = folder === '' ? entry : `${folder}/${entry}`;
      if (isLeftOut(entry, isSharded)) continue;
      const path = join(dir, name);
      const stats = await stat(path).catch(() => null);
      if (stats?.isDirectory() && name === CHAT_TEMPLATES) await collect(name);
      if (stats && !stats.isFile()) continue;
      const real = stats && (await realpath(path));
      if (!real || !allowed.some((place) => real.startsWith(place + sep))) throw linkOutside(path, dir);
      files.push({ name, bytes: stats.size });
    }
  };
  await collect('');
  // An export of an export: the card of what was pruned now is that of the first export.
  const isCarded = files.some(({ name }) => name === CARD_FILE);
  const copied = files.filter(({ name }) => !(isCarded && name === SOURCE_CARD_FILE));
  return copied.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Copies a companion file byte for byte, durably. */
export async function copyCompanionFile(from: string, to: string): Promise<void> {
  const source = await openReadOnly(from);
  try {
    await writeDurably(to, async (append) => {
      for await (const chunk of source.createReadStream({ autoClose: false })) await append(chunk);
    });
  } finally {
    await source.close();
  }
}

function isLeftOut(name: string, isSharded: boolean): boolean {
  if (name === INDEX_FILE) return !isSharded;
  return (
    name.startsWith('.') ||
    name === RECORD_FILE ||
    name.endsWith('.index.json') ||
    WEIGHTS.test(name) ||
    PICKLE.test(name)
  );
}

function linkOutside(path: string, dir: string): UserError {
  return new UserError(
    'EXPORT_LINK_OUTSIDE',
    `${relative(dir, path)} in ${dir} is a link that leads nowhere or out of the model folder, so it is not copied into the export`,
    'Replace the link by the file itself, or remove it.',
  );
}
