import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseModelConfig } from '../../src/engine/checkpoint/config.ts';
import { expectedTensors } from '../../src/engine/checkpoint/expected-tensors.ts';
import { writeSafetensors } from '../../src/engine/checkpoint/write-safetensors.ts';
import { configJson, type ShapeName } from './shapes.ts';

const CHUNK_VALUES = 2 ** 20;
/** As trained models begin: weights of this spread keep activations of the size of the embeddings'. */
const SPREAD = 0.03;
const ONE_IN_BFLOAT16 = 0x3f80;

/** Writes a model of random bfloat16 weights a chunk at a time, so that it may be larger than the memory. */
export async function writeRandomModel(dir: string, shapes: ShapeName, layers: number): Promise<void> {
  mkdirSync(dir, { recursive: true });
  const json = configJson(shapes, layers);
  const config = parseModelConfig(json, 'config.json');
  const sources = [...expectedTensors(config)].map(([name, shape], i) => ({
    name,
    shape,
    dtype: 'BF16' as const,
    chunks: () => (shape.length === 1 ? [filledWithOnes(shape[0])] : randomChunks(shape, i + 1)),
  }));
  await writeSafetensors(join(dir, 'model.safetensors'), sources);
  writeFileSync(join(dir, 'config.json'), `${JSON.stringify(json, null, 2)}\n`);
}

const filledWithOnes = (length: number): Uint8Array =>
  new Uint8Array(new Uint16Array(length).fill(ONE_IN_BFLOAT16).buffer);

/** Uniform in ±SPREAD, by xorshift from a seed. */
function* randomChunks(shape: readonly number[], seed: number): Generator<Uint8Array> {
  const size = shape.reduce((product, length) => product * length, 1);
  const floats = new Float32Array(CHUNK_VALUES);
  const bits = new Uint32Array(floats.buffer);
  let state = Math.imul(seed, 0x9e3779b1) | 1;
  for (let done = 0; done < size; done += CHUNK_VALUES) {
    const length = Math.min(CHUNK_VALUES, size - done);
    const halves = new Uint16Array(length);
    for (let i = 0; i < length; i++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      floats[i] = state * (SPREAD / 2 ** 31);
      halves[i] = bits[i] >>> 16;
    }
    yield new Uint8Array(halves.buffer);
  }
}
