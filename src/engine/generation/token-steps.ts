import type { ModelConfig } from '../checkpoint/config.ts';
import { type DecoderLayerWeights, decoderLayerForward, decoderLayerOutput } from '../model/decoder-layer.ts';
import { disposePositions, type Positions, positionsOf } from '../model/positions.ts';
import { packSamples } from '../model/segments.ts';
import { planOf } from '../streaming/plan.ts';
import { concat, dispose, gather, type Tensor2D, tensor1d, tidy } from '../tensor/ops.ts';
import { fusedWeights, nextThroughFused } from './fused-layer.ts';
import type { GenerationModel } from './generation-model.ts';
import { attendNext, attendPrompts, type KeyValueCache } from './key-value-cache.ts';
import { NextPositions } from './next-positions.ts';

/** Called between two layers, to let the process answer signals. */
export type Breathe = () => Promise<void>;

/**
 * Takes whole prompts through the model and keeps their keys and values.
 * @returns the last layer's output at each prompt's last token, [N, hiddenSize]
 */
export async function readPrompts(
  { checkpoint: { config }, source, embedding }: GenerationModel,
  prompts: readonly Int32Array[],
  caches: readonly KeyValueCache[],
  breathe: Breathe,
): Promise<Tensor2D> {
  const left = [...caches];
  const packs = packSamples(prompts, planOf(config).packTokens).map(({ inputIds, segments }) => ({
    hidden: embedding.lookUp(inputIds),
    positions: positionsOf(config, segments),
    caches: left.splice(0, segments.length),
  }));
  try {
    for await (const { layer, weights } of source.layers()) {
      for (const pack of packs) {
        const positions: Positions = {
          ...pack.positions,
          attend: (...attention) => attendPrompts(pack.caches, layer, pack.positions.segments, ...attention),
        };
        pack.hidden = throughLayer(config, weights, pack.hidden, positions);
        await breathe();
      }
    }
    return tidy(() => concat(packs.map(({ hidden, positions }) => lastRows(hidden, positions)))) as Tensor2D;
  } finally {
    for (const { hidden, positions } of packs) {
      hidden.dispose();
      disposePositions(positions);
    }
  }
}

/**
 * Takes one further token of each sequence through the model.
 * @param at how many tokens of its sequence come before it
 * @returns the last layer's output, [N, hiddenSize]
 */
export async function readNext(
  { checkpoint: { config }, source, embedding }: GenerationModel,
  ids: readonly number[],
  at: readonly number[],
  caches: readonly KeyValueCache[],
  next: NextPositions,
): Promise<Tensor2D> {
  const places = next.of(at);
  let hidden = embedding.lookUp(ids);
  for await (const { layer, weights } of source.layers()) {
    const fused = fusedWeights(config, weights);
    if (fused) {
      const input = hidden;
      hidden = nextThroughFused(config, layer, fused, input, caches, places.kinds[weights.attentionKind]);
      input.dispose();
      continue;
    }
    const positions: Positions = {
      ...places,
      attend: (...attention) => attendNext(caches, layer, ...attention),
    };
    hidden = throughLayer(config, weights, hidden, positions);
  }
  NextPositions.release(places);
  return hidden;
}

/** The layer's output; its input is disposed of. */
function throughLayer(
  config: ModelConfig,
  weights: DecoderLayerWeights,
  input: Tensor2D,
  positions: Positions,
): Tensor2D {
  const output = tidy(() =>
    decoderLayerOutput(weights, decoderLayerForward(config, weights, input, positions)),
  );
  dispose(input);
  return output;
}

const lastRows = (hidden: Tensor2D, { segments }: Positions): Tensor2D =>
  gather(
    hidden,
    tensor1d(
      segments.map(({ start, length }) => start + length - 1),
      'int32',
    ),
  );
