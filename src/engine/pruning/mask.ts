import { lowest } from './lowest.ts';
import { type NmPattern, pruneByPattern } from './n-m.ts';

/** Which weights of a matrix are kept: bit i (flat row-major index, least significant bit first) set = kept. */
export interface Mask {
  readonly rows: number;
  readonly columns: number;
  readonly bits: Uint8Array<ArrayBuffer>;
}

/** How many weights a mask sets to zero. */
export function zerosIn({ rows, columns, bits }: Mask): number {
  let kept = 0;
  for (const byte of bits) kept += BITS_SET[byte];
  return rows * columns - kept;
}

const BITS_SET = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length);

/** Which weights are compared with each other: in each such part of a matrix the sparsity holds exactly. */
export interface Grouping {
  /** Fraction of each part that becomes zero; a part of n weights loses ⌊sparsity · n⌋. */
  readonly sparsity: number;
  /** Columns of a block with iterative blocking (D-Pruner, section 3.3); null: all columns are one block. */
  readonly blockColumns: number | null;
  /** Each row of a block is a part of its own (Wanda); else a block is one part over all rows. */
  readonly byRow?: boolean;
  /** What rounding down in one row leaves is made up for in the rows below it, so that the block loses ⌊sparsity · n⌋. */
  readonly carried?: boolean;
  /** N of each M consecutive weights of a row are kept; it takes the place of the sparsity. */
  readonly pattern?: NmPattern | null;
}

/**
 * The mask that removes the lowest keys of each part of a matrix; of equals, the first in row-major order.
 * @param keys importance or any increasing function of it, [rows, columns] row-major
 */
export function maskLowest(keys: Float32Array, rows: number, columns: number, grouping: Grouping): Mask {
  return maskWithout(pruneLowest(keys, rows, columns, grouping), rows, columns);
}

/** As `maskLowest`, but 1 for each weight to be pruned and 0 for each to be kept, [rows, columns] row-major. */
export function pruneLowest(
  keys: Float32Array,
  rows: number,
  columns: number,
  { sparsity, blockColumns, byRow = false, carried = false, pattern = null }: Grouping,
): Uint8Array {
  if (pattern) return pruneByPattern(keys, columns, pattern);
  const width = Math.min(blockColumns ?? columns, columns);
  if (!byRow && width === columns) return lowest(keys, Math.floor(sparsity * keys.length));
  const pruned = new Uint8Array(keys.length);
  const height = byRow ? 1 : rows;
  for (let begin = 0; begin < columns; begin += width) {
    const end = Math.min(columns, begin + width);
    for (let top = 0; top < rows; top += height) {
      const part = partOf(keys, columns, top, height, begin, end);
      const before = carried ? top * (end - begin) : 0;
      const count = Math.floor(sparsity * (before + part.length)) - Math.floor(sparsity * before);
      const chosen = lowest(part, count);
      for (let row = 0; row < height; row++) {
        pruned.set(
          chosen.subarray(row * (end - begin), (row + 1) * (end - begin)),
          (top + row) * columns + begin,
        );
      }
    }
  }
  return pruned;
}

/** How many weights of a matrix go. */
export function zerosWanted(rows: number, columns: number, grouping: Grouping): number {
  const { sparsity, blockColumns, byRow = false, carried = false, pattern = null } = grouping;
  if (pattern) return (rows * columns * (pattern.group - pattern.kept)) / pattern.group;
  const width = Math.min(blockColumns ?? columns, columns);
  const [height, count] = byRow && !carried ? [1, rows] : [rows, 1];
  const zerosOf = (part: number) => Math.floor(sparsity * height * part);
  return count * (Math.floor(columns / width) * zerosOf(width) + zerosOf(columns % width));
}

/** Packs flags, 1 for each pruned weight, into the mask of the weights that are kept. */
export function maskWithout(pruned: Uint8Array, rows: number, columns: number): Mask {
  const bits = new Uint8Array(Math.ceil((rows * columns) / 8));
  for (let flat = 0; flat < pruned.length; flat++) if (pruned[flat] === 0) bits[flat >> 3] |= 1 << (flat & 7);
  return { rows, columns, bits };
}

/** 1 for each weight that a mask prunes, row-major. */
export function prunedBy({ rows, columns, bits }: Mask): Uint8Array<ArrayBuffer> {
  const pruned = new Uint8Array(rows * columns);
  for (let flat = 0; flat < pruned.length; flat++) pruned[flat] = 1 - ((bits[flat >> 3] >> (flat & 7)) & 1);
  return pruned;
}

function partOf(
  keys: Float32Array,
  columns: number,
  top: number,
  height: number,
  begin: number,
  end: number,
): Float32Array {
  if (height === 1) return keys.subarray(top * columns + begin, top * columns + end);
  const part = new Float32Array(height * (end - begin));
  for (let row = 0; row < height; row++) {
    const at = (top + row) * columns;
    part.set(keys.subarray(at + begin, at + end), row * (end - begin));
  }
  return part;
}

/** Block width of iterative blocking: 128 columns, or 344 for a matrix of 11008 (the paper's LLaMA2-7B down projection). */
export const defaultBlockColumns = (columns: number): number => (columns === 11008 ? 344 : 128);
