/** A square histogram with at most `most` bins a side: neighbouring bins are added up. cells[row][column]. */
export function coarsen(
  counts: readonly number[],
  bins: number,
  most: number,
): { readonly cells: number[][]; readonly size: number } {
  const factor = Math.ceil(bins / most);
  const size = Math.ceil(bins / factor);
  const cells = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  counts.forEach((count, index) => {
    const row = cells[Math.floor(Math.floor(index / bins) / factor)];
    const column = Math.floor((index % bins) / factor);
    if (row) row[column] = (row[column] ?? 0) + count;
  });
  return { cells, size };
}
