import type { ComputeProgram } from './compute-program.ts';
import { DOUBLE_FLOAT } from './double-float.ts';
import { triangleIn } from './triangle.ts';

const UNIFORMS = [
  { name: 'n', type: 'i32' },
  { name: 'added', type: 'f32' },
  { name: 'addedRest', type: 'f32' },
  // 1 to take rows and columns from the last to the first.
  { name: 'isFlipped', type: 'i32' },
] as const;

/** `base` [n, n]; `vectors` [4, n], the two parts of u and of v. */
const VALUES = `${DOUBLE_FLOAT}
  fn vectorAt(which : i32, i : i32) -> vec2<f32> {
    let at = 2 * which * uniforms.n + i;
    return vec2<f32>(vectors[at], vectors[at + uniforms.n]);
  }

  // Of base + u vᵀ + v uᵀ + added · I, its rows and columns multiplied by powers of two.
  fn valueAt(row : i32, column : i32, rowScale : f32, columnScale : f32) -> vec2<f32> {
    let last = uniforms.n - 1;
    let i = select(row, last - row, uniforms.isFlipped == 1);
    let j = select(column, last - column, uniforms.isFlipped == 1);
    var value = vec2<f32>(base[i * uniforms.n + j] * rowScale * columnScale, 0.0);
    value = sumOf(value, productOf(rowScale * vectorAt(0, i), columnScale * vectorAt(1, j)));
    value = sumOf(value, productOf(rowScale * vectorAt(1, i), columnScale * vectorAt(0, j)));
    if (row != column) { return value; }
    return sumOf(value, vec2<f32>(uniforms.added, uniforms.addedRest) * rowScale * columnScale);
  }
`;

/**
 * result [n]: a power of two for each row and column, by which the diagonal comes to lie between 1 and 4 and no product
 * leaves the range of float32.
 */
export const SCALES: ComputeProgram = {
  name: 'inversion-scales',
  inputs: ['base', 'vectors'],
  uniforms: UNIFORMS,
  workgroup: [64, 1, 1],
  code: `${VALUES}
    fn main() {
      let row = i32(globalId.x);
      if (row >= uniforms.n) { return; }
      let diagonal = valueAt(row, row, 1.0, 1.0).x;
      let exponent = i32((bitcast<u32>(diagonal) >> 23u) & 0xffu) - 127;
      let half = (exponent + 128) / 2 - 64;
      result[row] = bitcast<f32>(u32(127 - half) << 23u);
    }`,
};

/** result: the lower triangle of the scaled matrix. One workgroup a row and 64 columns. */
export const ASSEMBLE: ComputeProgram = {
  name: 'inversion-assemble',
  inputs: ['base', 'vectors', 'scales'],
  uniforms: UNIFORMS,
  workgroup: [64, 1, 1],
  code: `${VALUES} ${triangleIn('result')}
    fn main() {
      let column = i32(globalId.x);
      let row = i32(workgroupId.y);
      if (column > row) { return; }
      var value = valueAt(row, column, scales[row], scales[column]);
      // No number of a positive definite matrix is larger than those on its diagonal. What is, or is none, becomes one that
      // makes a pivot negative, whatever the device does about infinities.
      if ((bitcast<u32>(value.x) & 0x7fffffffu) > 0x41000000u) { value = vec2<f32>(select(8.0, -8.0, row == column), 0.0); }
      let place = placeOf(row, column);
      result[place] = value.x;
      result[place + 1] = value.y;
    }`,
};
