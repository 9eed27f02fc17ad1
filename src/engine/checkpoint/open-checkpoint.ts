import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../contract/error.ts';
import type { Checkpoint, ElementRange, TensorEntry } from './checkpoint.ts';
import { type ModelConfig, parseModelConfig } from './config.ts';
import { expectedTensors } from './expected-tensors.ts';
import { toFloat32, WEIGHT_BYTES, widenInto } from './half-precision.ts';
import { readJsonFile } from './json-file.ts';
import { openReadOnly } from './open-read-only.ts';
import { readExactly, readSafetensorsHeader } from './safetensors.ts';
import { CONFIG_FILE, findWeightFiles, type WeightFiles } from './weight-files.ts';
import { embeddingWeight, LM_HEAD } from './weight-names.ts';

/**
 * Opens a Hugging Face folder read-only and checks it whole: config, index, headers, and that every tensor which
 * the config calls for is there in its shape. Tensors beyond those are kept. The caller closes it.
 */
export async function openCheckpoint(dir: string): Promise<Checkpoint> {
  const files = await findWeightFiles(dir);
  const configPath = join(dir, CONFIG_FILE);
  const parsed = parseModelConfig(await readJsonFile(configPath), configPath);
  const handles = new Map<string, FileHandle>();
  const close = async () => {
    const opened = [...handles.values()];
    handles.clear();
    await Promise.all(opened.map((handle) => handle.close()));
  };
  try {
    const tensors = await openWeightFiles(dir, files, handles);
    const config = namedAsIn(tensors, parsed);
    checkTensors(dir, config, tensors);
    const checkpoint = { dir, config, tensors, close, ...tensorReader(dir, tensors, handles) };
    await checkTiedHead(checkpoint);
    return checkpoint;
  } catch (error) {
    await close();
    throw error;
  }
}

/** Reads every file's header, leaving the files open in `handles`. */
async function openWeightFiles(
  dir: string,
  files: WeightFiles,
  handles: Map<string, FileHandle>,
): Promise<Map<string, TensorEntry>> {
  const tensors = new Map<string, TensorEntry>();
  for (const [file, promised] of files) {
    const path = join(dir, file);
    const handle = await openReadOnly(path);
    handles.set(file, handle);
    const header = await readSafetensorsHeader(handle, path);
    for (const { name, dtype, shape, begin, end } of header.tensors) {
      const other = tensors.get(name);
      if (other) {
        throw new UserError(
          'CHECKPOINT_DUPLICATE_TENSOR',
          `${dir}: tensor ${name} is both in ${other.file} and in ${file}`,
          'Get the model again; its files do not belong together.',
        );
      }
      if (dtype !== 'F32' && dtype !== 'F16' && dtype !== 'BF16') {
        throw new UserError(
          'SAFETENSORS_DTYPE',
          `${path}: tensor ${name} is stored as ${dtype}; supported are F32, F16 and BF16`,
          'Use the original, unquantised release of this model.',
        );
      }
      tensors.set(name, { name, dtype, shape, file, begin, end });
    }
    const missing = promised.filter((name) => tensors.get(name)?.file !== file);
    if (missing.length > 0) throw missingTensors(path, missing);
  }
  return tensors;
}

/** A decoder that was saved without its language-model head lacks the beginning of its names. */
function namedAsIn(tensors: ReadonlyMap<string, TensorEntry>, config: ModelConfig): ModelConfig {
  const bare = { ...config, names: { ...config.names, base: '' } };
  const isBare = !tensors.has(embeddingWeight(config)) && tensors.has(embeddingWeight(bare));
  return isBare ? bare : config;
}

function checkTensors(dir: string, config: ModelConfig, tensors: ReadonlyMap<string, TensorEntry>): void {
  const missing: string[] = [];
  for (const [name, shape] of expectedTensors(config)) {
    const found = tensors.get(name)?.shape;
    if (!found) missing.push(name);
    else if (found.join() !== shape.join()) {
      throw new UserError(
        'CHECKPOINT_WRONG_SHAPE',
        `${dir}: tensor ${name} has the shape [${found.join(', ')}], but config.json calls for [${shape.join(', ')}]`,
        'Get config.json and the weights of the same model.',
      );
    }
    if (missing.length > 5) break; // a config may claim any number of layers
  }
  if (missing.length > 0) throw missingTensors(dir, missing);
}

/**
 * A config that ties the head to the embedding beside weights with a head of its own: harmless when the two are
 * equal. Otherwise versions of transformers disagree about which of them counts, so it is refused.
 */
async function checkTiedHead({ dir, config, tensors, readRaw }: Checkpoint): Promise<void> {
  const name = embeddingWeight(config);
  const [head, embedding] = [tensors.get(LM_HEAD), tensors.get(name)];
  if (!config.tieWordEmbeddings || !head || !embedding) return;
  const [rows, columns] = embedding.shape;
  const step = Math.max(1, Math.floor(2 ** 22 / columns));
  let equal = head.dtype === embedding.dtype && head.shape.join() === embedding.shape.join();
  for (let row = 0; equal && row < rows; row += step) {
    const range = { first: row * columns, count: Math.min(step, rows - row) * columns };
    equal = Buffer.compare(await readRaw(LM_HEAD, range), await readRaw(name, range)) === 0;
  }
  if (equal) return;
  throw new UserError(
    'CHECKPOINT_AMBIGUOUS_HEAD',
    `${dir}: config.json ties the output head to the embedding (tie_word_embeddings), but ${LM_HEAD} is there and differs`,
    'Set tie_word_embeddings to false in config.json if the model has a head of its own; else remove that tensor.',
  );
}

function tensorReader(
  dir: string,
  tensors: ReadonlyMap<string, TensorEntry>,
  handles: ReadonlyMap<string, FileHandle>,
): Pick<Checkpoint, 'readRaw' | 'readFloat32'> {
  const find = (name: string): TensorEntry => {
    const entry = tensors.get(name);
    if (!entry) throw missingTensors(dir, [name]);
    return entry;
  };
  const readRaw = async (name: string, range?: ElementRange) => {
    const { file, dtype, begin, end } = find(name);
    const handle = handles.get(file);
    if (!handle) throw new Error(`checkpoint ${dir} is closed`);
    const path = join(dir, file);
    if (!range) return readExactly(handle, begin, end - begin, path);
    const size = WEIGHT_BYTES[dtype];
    if (range.first < 0 || range.count < 0 || begin + (range.first + range.count) * size > end) {
      throw new RangeError(`${name} has no elements ${range.first} to ${range.first + range.count}`);
    }
    return readExactly(handle, begin + range.first * size, range.count * size, path);
  };
  const readFloat32 = async (name: string, range?: ElementRange) => {
    const { dtype, shape, file } = find(name);
    const { first, count } = range ?? { first: 0, count: shape.reduce((product, size) => product * size, 1) };
    const values =
      dtype === 'F32'
        ? toFloat32(await readRaw(name, range), dtype)
        : await readWidened(first, count, dtype, (part) => readRaw(name, part));
    checkFinite(values, first, name, join(dir, file));
    return values;
  };
  return { readRaw, readFloat32 };
}

/** So many numbers are widened at a time: what is stored is not in memory as a whole beside what it becomes. */
const PART = 2 ** 22;

async function readWidened(
  first: number,
  count: number,
  dtype: 'F16' | 'BF16',
  readRaw: (part: ElementRange) => Promise<Uint8Array<ArrayBuffer>>,
): Promise<Float32Array<ArrayBuffer>> {
  const values = new Float32Array(count);
  for (let done = 0; done < count; done += PART) {
    const part = values.subarray(done, done + PART);
    widenInto(await readRaw({ first: first + done, count: part.length }), dtype, part);
  }
  return values;
}

/** Refuses NaN and infinite weights; `first` is the flat index of the first value in its tensor. */
function checkFinite(values: Float32Array<ArrayBuffer>, first: number, name: string, path: string): void {
  if (areFinite(values)) return;
  let count = 0;
  let index = -1;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value - value !== 0) {
      if (count === 0) index = i;
      count++;
    }
  }
  throw new UserError(
    'CHECKPOINT_NOT_FINITE',
    `${path}: tensor ${name} holds ${count} NaN or infinite ${count === 1 ? 'value' : 'values'}, the first (${values[index]}) at flat index ${first + index}`,
    'Get the model again; if its source has them too, these weights are broken and cannot be pruned.',
  );
}

const EXPONENT = 0x7f800000;
const LOWEST_OF_EXPONENT = 0x00800000;

/** Infinite and NaN have all bits of the exponent set, and only there one more carries into the sign. Four a step: three times as fast. */
function areFinite({ buffer, byteOffset, length }: Float32Array<ArrayBuffer>): boolean {
  const bits = new Int32Array(buffer, byteOffset, length);
  const carried = (i: number): number => (bits[i] & EXPONENT) + LOWEST_OF_EXPONENT;
  let carries = 0;
  let i = 0;
  for (; i + 4 <= length; i += 4) carries |= carried(i) | carried(i + 1) | carried(i + 2) | carried(i + 3);
  for (; i < length; i++) carries |= carried(i);
  return carries >= 0;
}

function missingTensors(where: string, names: readonly string[]): UserError {
  const listed = names.slice(0, 5).join(', ');
  return new UserError(
    'CHECKPOINT_MISSING_TENSOR',
    `${where} lacks ${names.length > 5 ? `tensors such as ${listed}` : listed}`,
    'Get the model again, and config.json and the weights from the same place.',
  );
}
