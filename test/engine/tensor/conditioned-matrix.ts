import { randomValues } from '../random-values.ts';

/**
 * A symmetric matrix of a given condition number, [n, n] as float32: eigenvalues from 1 to 1/condition in equal ratios, and
 * eigenvectors that three reflections turn away from the axes.
 */
export function conditionedMatrix(n: number, condition: number): Float32Array {
  const rows = Array.from({ length: n }, (_, i) => {
    const row = new Float64Array(n);
    row[i] = condition ** (-i / Math.max(1, n - 1));
    return row;
  });
  for (const seed of [1, 2, 3]) reflect(rows, randomValues(n, seed));
  return Float32Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    return rows[Math.max(i, j)][Math.min(i, j)];
  });
}

/** Q A Q in place, with Q = I − 2 v vᵀ / |v|². */
function reflect(rows: readonly Float64Array[], v: Float64Array): void {
  const scale = 2 / v.reduce((total, value) => total + value ** 2, 0);
  for (const row of rows) {
    const part = scale * row.reduce((total, value, j) => total + value * v[j], 0);
    for (let j = 0; j < row.length; j++) row[j] -= part * v[j];
  }
  for (let j = 0; j < v.length; j++) {
    const part = scale * rows.reduce((total, row, i) => total + row[j] * v[i], 0);
    for (let i = 0; i < v.length; i++) rows[i][j] -= part * v[i];
  }
}

/** diag(A⁻¹) by Gauss-Jordan elimination with pivoting. */
export function invertByElimination(a: readonly Float64Array[]): Float64Array {
  const n = a.length;
  const rows = a.map((row, i) =>
    Float64Array.from({ length: 2 * n }, (_, j) => (j < n ? row[j] : Number(j - n === i))),
  );
  for (let i = 0; i < n; i++) {
    let best = i;
    for (let r = i + 1; r < n; r++) if (Math.abs(rows[r][i]) > Math.abs(rows[best][i])) best = r;
    [rows[i], rows[best]] = [rows[best], rows[i]];
    const pivot = rows[i][i];
    for (let j = 0; j < 2 * n; j++) rows[i][j] /= pivot;
    for (let r = 0; r < n; r++) {
      const factor = rows[r][i];
      if (r === i || factor === 0) continue;
      for (let j = 0; j < 2 * n; j++) rows[r][j] -= factor * rows[i][j];
    }
  }
  return Float64Array.from({ length: n }, (_, i) => rows[i][n + i]);
}
