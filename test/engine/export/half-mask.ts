import type { Mask } from '../../../src/engine/pruning/mask.ts';

/** Keeps the weights whose flat index satisfies `keep`. */
export function maskWhere(rows: number, columns: number, keep: (index: number) => boolean): Mask {
  const bits = new Uint8Array(Math.ceil((rows * columns) / 8));
  for (let i = 0; i < rows * columns; i++) if (keep(i)) bits[i >> 3] |= 1 << (i & 7);
  return { rows, columns, bits };
}

/** An irregular half of the weights, the same for equal names. */
export function maskFor(name: string, [rows, columns]: readonly number[]): Mask {
  return maskWhere(rows, columns, (index) => isKept(name, index));
}

export const isKept = (name: string, index: number): boolean =>
  (Math.imul(index + name.length, 2654435761) >>> 13) % 2 === 0;
