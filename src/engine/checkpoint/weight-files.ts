import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../contract/error.ts';
import { checkJson, readJsonFile } from './json-file.ts';

export const CONFIG_FILE = 'config.json';
export const SINGLE_FILE = 'model.safetensors';
export const INDEX_FILE = 'model.safetensors.index.json';

/** Formats that may run code when they are opened, by the end of their names. */
export const PICKLE = /\.(bin|pt|pth|ckpt|pkl|pickle)$/i;

/** The safetensors files of a checkpoint, by name, and the tensors that its index promises in each of them. */
export type WeightFiles = ReadonlyMap<string, readonly string[]>;

const indexJson = z.looseObject({ weight_map: z.record(z.string(), z.string()) });

/** Finds a checkpoint's weight files as transformers does: one file, else the shards of an index. */
export async function findWeightFiles(dir: string): Promise<WeightFiles> {
  const names = await listModelFolder(dir);
  if (names.includes(SINGLE_FILE)) return new Map([[SINGLE_FILE, []]]);
  if (names.includes(INDEX_FILE)) return readIndex(dir, names);
  throw explainNoWeights(dir, names);
}

async function listModelFolder(dir: string): Promise<string[]> {
  const stats = await stat(dir).catch(() => null);
  if (!stats) {
    throw new UserError(
      'CHECKPOINT_NOT_FOUND',
      `There is no folder ${dir}`,
      'Give the folder that holds the model.',
    );
  }
  if (!stats.isDirectory()) {
    throw new UserError(
      'CHECKPOINT_NOT_A_FOLDER',
      `${dir} is a file, but a Hugging Face model is a folder with config.json and safetensors files`,
      'Give the folder that holds the model.',
    );
  }
  const names = await readdir(dir);
  if (!names.includes(CONFIG_FILE)) {
    throw new UserError(
      'CHECKPOINT_MISSING_CONFIG',
      `${dir} holds no ${CONFIG_FILE}, so it is not a Hugging Face model folder`,
      'Give the folder that holds the model, or download its config.json into it.',
    );
  }
  return names;
}

async function readIndex(dir: string, present: readonly string[]): Promise<WeightFiles> {
  const path = join(dir, INDEX_FILE);
  const { weight_map: weightMap } = checkJson(indexJson, await readJsonFile(path), path);
  const files = new Map<string, string[]>();
  for (const [tensor, file] of Object.entries(weightMap)) {
    const promised = files.get(file);
    if (promised) promised.push(tensor);
    else files.set(file, [tensor]);
  }
  for (const file of files.keys()) {
    // Only a plain name: an index must not lead out of its folder.
    if (!/^[^/\\:]+\.safetensors$/.test(file)) {
      throw new UserError(
        'CHECKPOINT_UNSAFE_INDEX',
        `${path} names the weight file ${JSON.stringify(file.slice(0, 200))}, which is not a .safetensors file of this folder`,
        'Get the index again from a source that you trust.',
      );
    }
  }
  const missing = [...files.keys()].filter((file) => !present.includes(file)).sort();
  if (missing.length > 0) {
    throw new UserError(
      'CHECKPOINT_MISSING_SHARD',
      `${dir} lacks ${missing.length} of the ${files.size} weight files that ${INDEX_FILE} names: ${missing.slice(0, 5).join(', ')}`,
      'Download the missing files into the folder.',
    );
  }
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function explainNoWeights(dir: string, names: readonly string[]): UserError {
  const pickle = names.find((name) => PICKLE.test(name));
  if (pickle) {
    return new UserError(
      'CHECKPOINT_PICKLE',
      `${dir} holds its weights as ${pickle}, a pickle file: opening one can run any code, so it is refused`,
      'Use the safetensors release, or convert on a machine that may run it: in Python, ' +
        '`AutoModelForCausalLM.from_pretrained(folder).save_pretrained(new_folder, safe_serialization=True)`.',
    );
  }
  const other = names.find((name) => /\.(safetensors|gguf)$/i.test(name));
  return new UserError(
    'CHECKPOINT_MISSING_WEIGHTS',
    `${dir} holds neither ${SINGLE_FILE} nor ${INDEX_FILE}${other ? `, only files such as ${other}` : ''}`,
    'Download the weights in the Hugging Face format into the folder, with their index if there are several files.',
  );
}
