import type { ModelConfig } from '../checkpoint/config.ts';
import { type Linear, linearShape, linearsOf, linearWeight } from '../checkpoint/weight-names.ts';
import type { MaskOf } from '../run/mask-source.ts';

/** How much two masks have in common. */
export interface Overlap {
  /** Weights kept by both, over the matrix's size (the paper's Fig. 2). */
  readonly shared: number;
  /** Weights kept by both, over those kept by either. */
  readonly jaccard: number;
}

/** Two of several masks, by their places in the list. */
export interface PairOverlap {
  readonly first: number;
  readonly second: number;
  readonly overall: Overlap;
  readonly matrices: readonly (Overlap & { readonly layer: number; readonly module: Linear })[];
}

const BITS_SET = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length);

/** Which weights masks of one model keep in common: each pair of them, matrix by matrix. */
export async function overlapMasks(config: ModelConfig, masks: readonly MaskOf[]): Promise<PairOverlap[]> {
  const pairs = masks.flatMap((_, first) =>
    masks.slice(first + 1).map((_, i) => ({
      first,
      second: first + 1 + i,
      total: { both: 0, either: 0, size: 0 },
      matrices: [] as PairOverlap['matrices'][number][],
    })),
  );
  for (let layer = 0; layer < config.numHiddenLayers; layer++) {
    for (const module of linearsOf(config)) {
      const bits: Uint8Array[] = [];
      for (const maskOf of masks) bits.push(await bitsOf(maskOf, linearWeight(config, layer, module)));
      const [rows, columns] = linearShape(config, module);
      for (const { first, second, total, matrices } of pairs) {
        const found = countBits(bits[first], bits[second], rows * columns);
        for (const key of ['both', 'either', 'size'] as const) total[key] += found[key];
        matrices.push({ layer, module, ...sharesOf(found) });
      }
    }
  }
  return pairs.map(({ first, second, total, matrices }) => ({
    first,
    second,
    overall: sharesOf(total),
    matrices,
  }));
}

async function bitsOf(maskOf: MaskOf, name: string): Promise<Uint8Array> {
  const mask = await maskOf(name);
  if (!mask) throw new Error(`${name} has no mask`);
  return mask.bits;
}

function countBits(a: Uint8Array, b: Uint8Array, size: number) {
  let both = 0;
  let either = 0;
  for (let i = 0; i < a.length; i++) {
    both += BITS_SET[a[i] & b[i]];
    either += BITS_SET[a[i] | b[i]];
  }
  return { both, either, size };
}

const sharesOf = ({ both, either, size }: { both: number; either: number; size: number }): Overlap => ({
  shared: both / size,
  jaccard: either === 0 ? 1 : both / either,
});
