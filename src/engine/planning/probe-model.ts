import type { Checkpoint, TensorEntry } from '../checkpoint/checkpoint.ts';
import type { ModelConfig } from '../checkpoint/config.ts';
import { expectedTensors } from '../checkpoint/expected-tensors.ts';
import { toFloat32 } from '../checkpoint/half-precision.ts';
import { sizesOf } from './model-sizes.ts';

/** A probe's layer has at most so many weights: it takes seconds and fits everywhere. */
const LARGEST_LAYER = 64e6;
const VOCABULARY = 4096;
const SPREAD = 0.03;

/**
 * One decoder layer of the same kind whose widths are halved until it is small enough. What a machine does in a second
 * hardly depends on them: as many operations come on each number that is moved.
 */
export function probeConfig(config: ModelConfig): ModelConfig {
  let probe: ModelConfig = {
    ...config,
    numHiddenLayers: 1,
    kindOfLayer: config.kindOfLayer.slice(0, 1),
    vocabSize: Math.min(VOCABULARY, config.vocabSize),
  };
  while (sizesOf(probe).layerWeights > LARGEST_LAYER && canBeHalved(probe)) {
    probe = {
      ...probe,
      hiddenSize: probe.hiddenSize / 2,
      intermediateSize: Math.ceil(probe.intermediateSize / 2),
      numAttentionHeads: probe.numAttentionHeads / 2,
      numKeyValueHeads: Math.max(1, probe.numKeyValueHeads / 2),
    };
  }
  return probe;
}

const canBeHalved = ({ numAttentionHeads, numKeyValueHeads, hiddenSize }: ModelConfig): boolean =>
  numAttentionHeads % 2 === 0 &&
  (numKeyValueHeads === 1 || numKeyValueHeads % 2 === 0) &&
  hiddenSize % 2 === 0;

/** A model of random weights that exists in memory alone: what it takes to read it is what it takes from the page cache. */
export function probeModel(config: ModelConfig): Checkpoint {
  const tensors = new Map<string, TensorEntry>();
  for (const [name, shape] of expectedTensors(config)) {
    tensors.set(name, { name, dtype: 'BF16', shape, file: '', begin: 0, end: 0 });
  }
  const sizeOf = (name: string): number =>
    (tensors.get(name)?.shape ?? []).reduce((product, length) => product * length, 1);
  const pattern = randomHalves(2 ** 16 + 1);
  const readRaw: Checkpoint['readRaw'] = async (name, range) => {
    const halves = new Uint16Array(range?.count ?? sizeOf(name));
    for (let at = 0; at < halves.length; at += pattern.length) {
      halves.set(pattern.subarray(0, halves.length - at), at);
    }
    return new Uint8Array(halves.buffer);
  };
  return {
    dir: '',
    config,
    tensors,
    readRaw,
    readFloat32: async (name, range) => toFloat32(await readRaw(name, range), 'BF16'),
    close: async () => {},
  };
}

/** bfloat16 bit patterns between ±SPREAD (xorshift). */
function randomHalves(length: number): Uint16Array {
  const floats = new Float32Array(length);
  let state = 1;
  for (let i = 0; i < length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    floats[i] = state * (SPREAD / 2 ** 31);
  }
  return Uint16Array.from(new Uint32Array(floats.buffer), (bits) => bits >>> 16);
}
