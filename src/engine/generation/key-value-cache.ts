import type { ModelConfig } from '../checkpoint/config.ts';
import { attentionForward } from '../model/attention.ts';
import type { BlockHeads } from '../model/heads.ts';
import type { AttentionPositions } from '../model/positions.ts';
import type { Segment } from '../model/segments.ts';
import { concat, dispose, keep, type Tensor3D } from '../tensor/ops.ts';

/** Keys and values of a sequence's tokens in one layer, [Hkv, tokens, D]; with a sliding window perhaps of the last ones only. */
interface Past {
  readonly k: Tensor3D;
  readonly v: Tensor3D;
}

/** The keys and values of one sequence, layer by layer. */
export class KeyValueCache {
  private readonly layers: Past[] = [];

  /** Takes over the keys and values of a layer's last block of a prompt: those before it are seen by no later token. */
  start(layer: number, k: Tensor3D, v: Tensor3D): void {
    this.layers[layer] = { k: keep(k), v: keep(v) };
  }

  /** Adds one token's keys and values, [Hkv, 1, D]. */
  extend(layer: number, k: Tensor3D, v: Tensor3D): Past {
    const past = this.layers[layer];
    const longer = {
      k: keep(concat([past.k, k], 1) as Tensor3D),
      v: keep(concat([past.v, v], 1) as Tensor3D),
    };
    dispose([past.k, past.v]);
    this.layers[layer] = longer;
    return longer;
  }

  dispose(): void {
    for (const { k, v } of this.layers) dispose([k, v]);
    this.layers.length = 0;
  }
}

/** Attention of whole prompts, whose keys and values are kept: one cache for each of the segments. */
export function attendPrompts(
  caches: readonly KeyValueCache[],
  layer: number,
  segments: readonly Segment[],
  config: ModelConfig,
  heads: BlockHeads,
  place: AttentionPositions,
): Tensor3D[] {
  for (const [i, { start, length }] of segments.entries()) {
    const last = place.blocks.findLastIndex(
      ({ firstQuery }) => firstQuery >= start && firstQuery < start + length,
    );
    caches[i].start(layer, heads.k[last], heads.v[last]);
  }
  return attentionForward(config, heads, place).outputs;
}

/** Attention of one further token of each sequence. */
export function attendNext(
  caches: readonly KeyValueCache[],
  layer: number,
  config: ModelConfig,
  heads: BlockHeads,
  place: AttentionPositions,
): Tensor3D[] {
  const pasts = caches.map((cache, i) => cache.extend(layer, heads.k[i], heads.v[i]));
  const blocks = pasts.map(({ k }) => ({
    firstQuery: k.shape[1] - 1,
    queries: 1,
    firstKey: 0,
    keys: k.shape[1],
  }));
  const seen = { q: heads.q, k: pasts.map(({ k }) => k), v: pasts.map(({ v }) => v) };
  return attentionForward(config, seen, { ...place, blocks }).outputs;
}
