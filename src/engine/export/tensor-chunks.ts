import type { ElementRange, TensorEntry } from '../checkpoint/checkpoint.ts';

const CHUNK_ELEMENTS = 2 ** 21;

/** Number of elements of a tensor. */
export const sizeOf = ({ shape }: TensorEntry): number => shape.reduce((size, length) => size * length, 1);

/** The tensor in pieces of a few MiB. */
export function* chunksOf(entry: TensorEntry): Generator<ElementRange> {
  const size = sizeOf(entry);
  for (let first = 0; first < size; first += CHUNK_ELEMENTS) {
    yield { first, count: Math.min(CHUNK_ELEMENTS, size - first) };
  }
}

/** The elements' bit patterns, without a copy. `bytes` must start its buffer, as a fresh read does. */
export function bitPatterns(
  bytes: Uint8Array<ArrayBuffer>,
  dtype: TensorEntry['dtype'],
): Uint16Array | Uint32Array {
  return dtype === 'F32' ? new Uint32Array(bytes.buffer) : new Uint16Array(bytes.buffer);
}

/** All bits of an element but its sign: zero for +0.0 and -0.0 alone. */
export const magnitudeBits = (dtype: TensorEntry['dtype']): number => (dtype === 'F32' ? 0x7fffffff : 0x7fff);
