import type { ComputeProgram } from './compute-program.ts';
import { DOUBLE_FLOAT } from './double-float.ts';
import { PANEL } from './triangle.ts';

const INPUTS = ['panel', 'block', 'scales'] as const;
const UNIFORMS = [
  { name: 'n', type: 'i32' },
  // The panel's first column.
  { name: 'begin', type: 'i32' },
] as const;

/**
 * result [n, 3]: the squared norm of each column of L⁻¹ as far as it is known, in two parts and NaN after a failure, and the
 * column's scale.
 */
export const COLUMN_NORMS: ComputeProgram = {
  name: 'inversion-column-norms',
  inputs: INPUTS,
  uniforms: UNIFORMS,
  workgroup: [64, 1, 1],
  code: `${DOUBLE_FLOAT}
    const P = ${PANEL};
    fn main() {
      let j = i32(globalId.x);
      if (j >= min(uniforms.n, uniforms.begin + P)) { return; }
      var total = vec2<f32>(0.0);
      if (j < uniforms.begin) { total = vec2<f32>(result[3 * j], result[3 * j + 1]); }
      for (var c = 0; c < P; c++) {
        let place = 2 * (j * P + c);
        let value = vec2<f32>(panel[place], panel[place + 1]);
        total = addProduct(total, value, value);
      }
      total = twoSum(total.x, total.y);
      result[3 * j] = select(total.x, uniforms.NAN, block[2 * P * P] > 0.0);
      result[3 * j + 1] = total.y;
      result[3 * j + 2] = scales[j];
    }`,
};

/** result [n, n]: the panel's rows of L⁻¹, scaled back, at their places in J L⁻¹ J; NaN after a failure. */
export const FACTOR_ROWS: ComputeProgram = {
  name: 'inversion-factor-rows',
  inputs: INPUTS,
  uniforms: UNIFORMS,
  workgroup: [64, 1, 1],
  code: `
    const P = ${PANEL};
    fn main() {
      let n = uniforms.n;
      let j = i32(globalId.x);
      let c = i32(workgroupId.y);
      let row = uniforms.begin + c;
      if (j >= n || row >= n) { return; }
      var value = 0.0;
      if (j <= row) { value = panel[2 * (j * P + c)] * scales[j]; }
      if (block[2 * P * P] > 0.0) { value = uniforms.NAN; }
      result[(n - 1 - row) * n + n - 1 - j] = value;
    }`,
};
