import { lowest } from './lowest.ts';

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

/** In which parts of a matrix the sparsity holds exactly. */
export interface Grouping {
  /** Fraction of each part that becomes zero; a part of n weights loses ⌊sparsity · n⌋. */
  readonly sparsity: number;
  /** Columns of a block with iterative blocking (D-Pruner, section 3.3); null: the whole matrix is one part. */
  readonly blockColumns: number | null;
}

/**
 * The mask that removes the lowest keys of a matrix, or of each of its blocks of columns.
 * @param keys importance or any increasing function of it, [rows, columns] row-major
 */
export function maskLowest(keys: Float32Array, rows: number, columns: number, grouping: Grouping): Mask {
  const bits = new Uint8Array(Math.ceil((rows * columns) / 8)).fill(0xff);
  if ((rows * columns) % 8 !== 0) bits[bits.length - 1] = (1 << ((rows * columns) % 8)) - 1;
  const width = grouping.blockColumns ?? columns;
  for (let begin = 0; begin < columns; begin += width) {
    const end = Math.min(columns, begin + width);
    const block = end - begin === columns ? keys : columnsOf(keys, rows, columns, begin, end);
    const pruned = lowest(block, Math.floor(grouping.sparsity * block.length));
    for (let i = 0; i < pruned.length; i++) {
      if (pruned[i] === 0) continue;
      const flat = Math.floor(i / (end - begin)) * columns + begin + (i % (end - begin));
      bits[flat >> 3] &= ~(1 << (flat & 7));
    }
  }
  return { rows, columns, bits };
}

function columnsOf(
  keys: Float32Array,
  rows: number,
  columns: number,
  begin: number,
  end: number,
): Float32Array {
  const block = new Float32Array(rows * (end - begin));
  for (let row = 0; row < rows; row++) {
    block.set(keys.subarray(row * columns + begin, row * columns + end), row * (end - begin));
  }
  return block;
}

/** Block width of iterative blocking: 128 columns, or 344 for a matrix of 11008 (the paper's LLaMA2-7B down projection). */
export const defaultBlockColumns = (columns: number): number => (columns === 11008 ? 344 : 128);
