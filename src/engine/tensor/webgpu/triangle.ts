/** Columns of a matrix that are eliminated at once. */
export const PANEL = 32;

/** WGSL for a lower triangle of double-float numbers in a buffer, row below row, each as its two parts. */
export const triangleIn = (matrix: string): string => `
  fn placeOf(row : i32, column : i32) -> i32 { return row * (row + 1) + 2 * column; }
  fn elementAt(row : i32, column : i32) -> vec2<f32> {
    let place = placeOf(row, column);
    return vec2<f32>(${matrix}[place], ${matrix}[place + 1]);
  }
`;

/** Numbers in such a buffer. */
export const triangleNumbers = (n: number): number => n * (n + 1);
