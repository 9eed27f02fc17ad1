/** What a reference makes of a matrix that it prunes part by part, from the left to the right. */
export interface Reference {
  readonly rows: number;
  readonly columns: number;
  /** Columns of a part in which weights are compared: over all rows, or each row for itself. */
  readonly groupColumns: number;
  readonly byRow: boolean;
  /** 1 where pruned. */
  readonly mask: Uint8Array;
  /** Logarithm of what each weight was chosen by. */
  readonly scores: Float32Array;
  readonly values: Float32Array;
}

/** 1 where a weight is 0: it was pruned, or it was 0 from the start. */
export const zerosOf = (values: Float32Array): Uint8Array =>
  Uint8Array.from(values, (value) => Number(value === 0));

/**
 * The rows in which another matrix has its zeros elsewhere. A weight more or less changes all that come after it in its row, their scores, too;
 * so only a row's first part that differs must be a tie: there the scores are within rounding of the threshold.
 * @returns those rows, and how far the worst of these ties is from the threshold, nats
 */
export function flippedRows(
  found: Float32Array,
  { rows, columns, groupColumns, byRow, mask, scores, values }: Reference,
): { flipped: Set<number>; leastTied: number } {
  const [zeros, expected] = [zerosOf(found), zerosOf(values)];
  const flipped = new Set<number>();
  let leastTied = 0;
  for (let begin = 0; begin < columns; begin += groupColumns) {
    const end = Math.min(columns, begin + groupColumns);
    const everyRow = byRow ? null : thresholdOf(mask, scores, columns, 0, rows, begin, end);
    const differing: number[] = [];
    for (let row = 0; row < rows; row++) {
      if (flipped.has(row)) continue;
      const [from, to] = [row * columns + begin, row * columns + end];
      if (isSame(zeros, expected, from, to)) continue;
      const threshold = everyRow ?? thresholdOf(mask, scores, columns, row, row + 1, begin, end);
      for (let m = from; m < to; m++)
        if (zeros[m] !== expected[m]) leastTied = Math.max(leastTied, Math.abs(scores[m] - threshold));
      differing.push(row);
    }
    for (const row of differing) flipped.add(row);
  }
  return { flipped, leastTied };
}

/** max |a − b| over the rows that are not flipped, over the largest weight of the matrix. */
export function sameRowsApart(
  found: Float32Array,
  { rows, columns, values }: Reference,
  flipped: ReadonlySet<number>,
): number {
  let apart = 0;
  let largest = 0;
  for (let row = 0; row < rows; row++) {
    for (let m = row * columns; m < (row + 1) * columns; m++) {
      largest = Math.max(largest, Math.abs(values[m]));
      if (!flipped.has(row)) apart = Math.max(apart, Math.abs(found[m] - values[m]));
    }
  }
  return apart / largest;
}

/** Halfway between the highest score that goes and the lowest that stays. */
function thresholdOf(
  mask: Uint8Array,
  scores: Float32Array,
  columns: number,
  top: number,
  bottom: number,
  begin: number,
  end: number,
): number {
  let highest = -Infinity;
  let lowest = Infinity;
  for (let row = top; row < bottom; row++) {
    for (let m = row * columns + begin; m < row * columns + end; m++) {
      if (mask[m]) highest = Math.max(highest, scores[m]);
      else lowest = Math.min(lowest, scores[m]);
    }
  }
  return (highest + lowest) / 2;
}

function isSame(a: Uint8Array, b: Uint8Array, from: number, to: number): boolean {
  for (let m = from; m < to; m++) if (a[m] !== b[m]) return false;
  return true;
}
