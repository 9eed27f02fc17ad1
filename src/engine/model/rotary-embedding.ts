import type { ModelConfig, Rope } from '../checkpoint/model-config.ts';
import { add, concat, mul, neg, slice, sub, type Tensor3D, tensor, tidy } from '../tensor/ops.ts';
import type { Segment } from './segments.ts';

/** Cosines and sines of each packed token's position, [N, 1, headDim/2]. */
export interface RotaryTables {
  readonly cos: Tensor3D;
  readonly sin: Tensor3D;
}

/**
 * Angular frequencies of the rotary embedding (Su et al. 2021) with its scaling, [rotaryDim/2], radians per position.
 * @param length of the text; LongRoPE has other frequencies for long ones
 */
export function rotaryFrequencies({ theta, scaling }: Rope, rotaryDim: number, length: number): Float64Array {
  const half = rotaryDim / 2;
  return Float64Array.from({ length: half }, (_, i) =>
    scaleFrequency(theta ** (-i / half), scaling, i, length),
  );
}

function scaleFrequency(frequency: number, scaling: Rope['scaling'], i: number, length: number): number {
  if (!scaling) return frequency;
  if (scaling.type === 'linear') return frequency / scaling.factor;
  if (scaling.type === 'longrope') {
    const { shortFactor, longFactor, originalMaxPositionEmbeddings } = scaling;
    return frequency / (length > originalMaxPositionEmbeddings ? longFactor : shortFactor)[i];
  }
  // Llama 3.1: long waves are stretched by `factor`, short ones kept, those between interpolated.
  const { factor, lowFreqFactor, highFreqFactor, originalMaxPositionEmbeddings } = scaling;
  const turns = (originalMaxPositionEmbeddings * frequency) / (2 * Math.PI);
  const smooth = Math.min(1, Math.max(0, (turns - lowFreqFactor) / (highFreqFactor - lowFreqFactor)));
  return (1 - smooth) * (frequency / factor) + smooth * frequency;
}

/**
 * Tables for packed tokens; positions start at 0 in every segment. Queries are divided by √headDim when they are parted; where a
 * model's attention is scaled otherwise, the difference is in these tables, half of it with the queries and half with the keys.
 * Of a head that is rotated in part the last pairs are only scaled: see `arrangeHeads`. The caller disposes of them.
 */
export function rotaryTables(
  { headDim, rotaryDim, attentionScale }: Pick<ModelConfig, 'headDim' | 'rotaryDim' | 'attentionScale'>,
  rope: Rope | null,
  segments: readonly Segment[],
): RotaryTables {
  const half = headDim / 2;
  const tokens = segments.reduce((total, segment) => total + segment.length, 0);
  const scale = Math.sqrt(attentionScale * Math.sqrt(headDim));
  const cos = new Float32Array(tokens * half).fill(scale);
  const sin = new Float32Array(tokens * half);
  const factor = scale * (rope?.scaling?.type === 'longrope' ? rope.scaling.attentionFactor : 1);
  for (const { start, length, grows } of rope ? segments : []) {
    const [whole, short] = [length, 1].map((of) => rotaryFrequencies(rope as Rope, rotaryDim, of));
    for (let position = 0; position < length; position++) {
      const frequencies = grows && position < shortLength(rope) ? short : whole;
      for (let i = 0; i < frequencies.length; i++) {
        const at = (start + position) * half + i;
        cos[at] = factor * Math.cos(position * frequencies[i]);
        sin[at] = factor * Math.sin(position * frequencies[i]);
      }
    }
  }
  return { cos: tensor(cos, [tokens, 1, half]), sin: tensor(sin, [tokens, 1, half]) };
}

/** Up to this length a text's frequencies are the same as those of any shorter text. */
const shortLength = (rope: Rope | null): number =>
  rope?.scaling?.type === 'longrope' ? rope.scaling.originalMaxPositionEmbeddings : Infinity;

/** Rotates each pair (x_i, x_{i+headDim/2}) of every head by its position's angle; x is [N, heads, headDim]. */
export function rotaryForward(x: Tensor3D, { cos, sin }: RotaryTables): Tensor3D {
  return tidy(() => {
    const [a, b] = halves(x);
    return concat([sub(mul(a, cos), mul(b, sin)), add(mul(b, cos), mul(a, sin))], 2) as Tensor3D;
  });
}

/** The gradient is rotated back by the same angle. */
export function rotaryBackward(dy: Tensor3D, { cos, sin }: RotaryTables): Tensor3D {
  return tidy(() => rotaryForward(dy, { cos, sin: neg(sin) }));
}

function halves(x: Tensor3D): [Tensor3D, Tensor3D] {
  const [tokens, heads, headDim] = x.shape;
  const size: [number, number, number] = [tokens, heads, headDim / 2];
  return [slice(x, [0, 0, 0], size), slice(x, [0, 0, headDim / 2], size)];
}
