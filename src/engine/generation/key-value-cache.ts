import type { ModelConfig } from '../checkpoint/config.ts';
import { attentionForward } from '../model/attention.ts';
import type { BlockHeads } from '../model/heads.ts';
import type { AttentionPositions } from '../model/positions.ts';
import type { Segment } from '../model/segments.ts';
import { hasFusedKernels } from '../tensor/fused-kernels.ts';
import { concat, dispose, keep, pad, type Tensor3D, tensor1d } from '../tensor/ops.ts';
import { keepToken } from '../tensor/token-kernels.ts';

/**
 * Keys and values of a sequence's tokens in one layer, [Hkv, room, D], of which the first `length` rows count; with a
 * sliding window perhaps of the last tokens only.
 */
interface Past {
  readonly k: Tensor3D;
  readonly v: Tensor3D;
  readonly length: number;
}

/** Room is made for so many tokens at a time. */
const BLOCK = 256;

/** The keys and values of one sequence, layer by layer. */
export class KeyValueCache {
  private readonly layers: Past[] = [];
  private readonly longest: number;

  /** @param longest tokens of the sequence at its end, at most */
  constructor(longest: number) {
    this.longest = longest;
  }

  /** Takes over the keys and values of a layer's last block of a prompt: those before it are seen by no later token. */
  start(layer: number, k: Tensor3D, v: Tensor3D): void {
    this.layers[layer] = { k: keep(k), v: keep(v), length: k.shape[1] };
  }

  /** Adds one token's keys and values, [Hkv, 1, D]: in place where there is a kernel for it, else as a copy. */
  extend(layer: number, k: Tensor3D, v: Tensor3D): Past {
    const past = this.layers[layer];
    if (!hasFusedKernels()) return this.replace(layer, appended(past, k, v));
    keepToken(this.roomForOne(layer), k, v, tensor1d([past.length], 'int32'));
    return this.addedOne(layer);
  }

  /** What is kept of a layer, with room for one token more. */
  roomForOne(layer: number): Past {
    const past = this.layers[layer];
    return past.length < past.k.shape[1] ? past : this.replace(layer, this.withRoom(past));
  }

  /** Counts a token whose keys and values have been written into the room for it. */
  addedOne(layer: number): Past {
    const past = this.layers[layer];
    this.layers[layer] = { ...past, length: past.length + 1 };
    return this.layers[layer];
  }

  dispose(): void {
    for (const { k, v } of this.layers) dispose([k, v]);
    this.layers.length = 0;
  }

  private replace(layer: number, longer: Past): Past {
    const { k, v } = this.layers[layer];
    dispose([k, v]);
    this.layers[layer] = longer;
    return longer;
  }

  /** No more than the sequence will need: masks and tables reach no further. */
  private withRoom({ k, v, length }: Past): Past {
    const more = Math.max(1, Math.min(BLOCK, this.longest - length));
    const widen = (x: Tensor3D) =>
      keep(
        pad(x, [
          [0, 0],
          [0, more],
          [0, 0],
        ]),
      );
    return { k: widen(k), v: widen(v), length };
  }
}

function appended(past: Past, k: Tensor3D, v: Tensor3D): Past {
  const join = (earlier: Tensor3D, one: Tensor3D) => keep(concat([earlier, one], 1) as Tensor3D);
  return { k: join(past.k, k), v: join(past.v, v), length: past.length + 1 };
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
  // Rows beyond the sequence's end are keys of the future, which no query sees.
  const blocks = pasts.map(({ k, length }) => ({
    firstQuery: length - 1,
    queries: 1,
    firstKey: 0,
    keys: k.shape[1],
  }));
  const seen = { q: heads.q, k: pasts.map(({ k }) => k), v: pasts.map(({ v }) => v) };
  return attentionForward(config, seen, { ...place, blocks }).outputs;
}
