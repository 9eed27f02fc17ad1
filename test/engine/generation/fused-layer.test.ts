import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../../src/engine/checkpoint/open-checkpoint.ts';
import { fusedWeights, nextThroughFused } from '../../../src/engine/generation/fused-layer.ts';
import { attendPrompts, KeyValueCache } from '../../../src/engine/generation/key-value-cache.ts';
import { NextPositions } from '../../../src/engine/generation/next-positions.ts';
import { decoderLayerForward, decoderLayerOutput } from '../../../src/engine/model/decoder-layer.ts';
import { disposePositions, positionsOf } from '../../../src/engine/model/positions.ts';
import { type LoadedLayer, streamLayers } from '../../../src/engine/streaming/layer-weights.ts';
import { openBackend, tryBackend } from '../../../src/engine/tensor/backend.ts';
import { hasFusedKernels } from '../../../src/engine/tensor/fused-kernels.ts';
import { gather, memory, type Tensor2D, tensor1d, tensor2d, tidy } from '../../../src/engine/tensor/ops.ts';
import { readFloats } from '../../../src/engine/tensor/read.ts';
import { expectClose } from '../closeness.ts';
import { FIXTURES } from '../oracle-fixture.ts';

const loads = (await tryBackend('tensorflow')).usable && hasFusedKernels();

const FUSED = [
  ...['toy-llama', 'toy-llama3-rope', 'toy-linear-rope', 'toy-tied', 'toy-qwen2', 'toy-mistral', 'toy-qwen3'],
  ...['toy-qwen2-window', 'toy-smollm3', 'toy-phi3'],
];
const COMPOSED = ['toy-attention-bias', 'toy-bloom', 'toy-gemma2', 'toy-gemma3', 'toy-phi4'];

/** Tokens of each sequence; the last one of each is the one that comes later. */
const LENGTHS = [7, 1 + 9, 31, 4, 18];

async function withLayers(
  toy: string,
  work: (config: Awaited<ReturnType<typeof openCheckpoint>>['config'], loaded: LoadedLayer) => void,
) {
  const checkpoint = await openCheckpoint(join(FIXTURES, toy));
  const order = [...Array(checkpoint.config.numHiddenLayers).keys()];
  for await (const loaded of streamLayers(checkpoint, order)) work(checkpoint.config, loaded);
  await checkpoint.close();
}

type Config = Parameters<Parameters<typeof withLayers>[1]>[0];

const hiddenOf = (width: number, sequence: number, from: number, to: number) =>
  Array.from({ length: (to - from) * width }, (_, i) => Math.sin((sequence + 1) * (from * width + i) + 0.3));

/** The layer's output at each sequence's last token, composed of single operations, nothing kept. */
function composed(config: Config, { weights }: LoadedLayer): Float32Array {
  return tidy(() => {
    let start = 0;
    const segments = LENGTHS.map((length) => {
      start += length;
      return { start: start - length, length };
    });
    const values = LENGTHS.flatMap((length, i) => hiddenOf(config.hiddenSize, i, 0, length));
    const input = tensor2d(values, [start, config.hiddenSize]);
    const positions = positionsOf(config, segments);
    const output = decoderLayerOutput(weights, decoderLayerForward(config, weights, input, positions));
    const last = segments.map(({ start: first, length }) => first + length - 1);
    return readFloats(gather(output, tensor1d(last, 'int32')));
  });
}

/** The same for some of the sequences by the kernel, after the tokens before were kept. */
function fused(config: Config, { weights }: LoadedLayer, sequences: readonly number[]): Float32Array {
  const kernelWeights = fusedWeights(config, weights);
  if (!kernelWeights) throw new Error('the layer is not fused');
  const caches = sequences.map((i) => keptTokens(config, weights, i));
  const next = new NextPositions(config, Math.max(...LENGTHS));
  const places = next.of(sequences.map((i) => LENGTHS[i] - 1));
  const values = sequences.flatMap((i) => hiddenOf(config.hiddenSize, i, LENGTHS[i] - 1, LENGTHS[i]));
  const input = tensor2d(values, [sequences.length, config.hiddenSize]);
  const place = places.kinds[weights.attentionKind];
  const output = nextThroughFused(config, 0, kernelWeights, input, caches, place);
  const found = readFloats(output);
  for (const tensor of [input, output]) tensor.dispose();
  NextPositions.release(places);
  next.dispose();
  for (const cache of caches) cache.dispose();
  return found;
}

function keptTokens(config: Config, weights: LoadedLayer['weights'], sequence: number): KeyValueCache {
  const cache = new KeyValueCache(LENGTHS[sequence]);
  const length = LENGTHS[sequence] - 1;
  const positions = positionsOf(config, [{ start: 0, length }]);
  tidy(() => {
    const values = hiddenOf(config.hiddenSize, sequence, 0, length);
    const input = tensor2d(values, [length, config.hiddenSize]) as Tensor2D;
    decoderLayerForward(config, weights, input, {
      ...positions,
      attend: (...attention) => attendPrompts([cache], 0, positions.segments, ...attention),
    });
  });
  disposePositions(positions);
  return cache;
}

describe.skipIf(!loads)('a decoder layer in one kernel', () => {
  beforeAll(async () => void (await openBackend('tensorflow')));
  const everyone = [...LENGTHS.keys()];

  it.each(FUSED)('gives a further token what the layer gives the whole text: %s', async (toy) => {
    const before = memory().numTensors;
    await withLayers(toy, (config, loaded) => {
      expectClose(fused(config, loaded, everyone), composed(config, loaded), 2e-6, `layer ${loaded.layer}`);
    });
    expect(memory().numTensors).toBe(before);
  });

  it('gives a token the very same alone and among others', async () => {
    await withLayers('toy-llama', (config, loaded) => {
      const together = fused(config, loaded, everyone);
      for (const i of everyone) {
        const own = together.slice(i * config.hiddenSize, (i + 1) * config.hiddenSize);
        expect(fused(config, loaded, [i]), `sequence ${i}`).toEqual(own);
      }
    });
  });

  it.each(COMPOSED)('does not stand for a layer with other parts: %s', async (toy) => {
    await withLayers(toy, (config, { weights }) => expect(fusedWeights(config, weights)).toBeNull());
  });
});
