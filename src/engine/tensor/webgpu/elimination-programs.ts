import type { ComputeProgram } from './compute-program.ts';
import { DOUBLE_FLOAT } from './double-float.ts';
import { PANEL, triangleIn } from './triangle.ts';

const UNIFORMS = [
  { name: 'n', type: 'i32' },
  // The panel's first column.
  { name: 'begin', type: 'i32' },
] as const;

/**
 * result [PANEL, PANEL, 2] and a number: the inverse of the Cholesky factor of the diagonal block at `begin`; the number is 1 when a
 * pivot, here or in a block before, was not positive. Beyond the matrix the block is the identity. One workgroup.
 */
export const DIAGONAL_BLOCK: ComputeProgram = {
  name: 'inversion-diagonal-block',
  inputs: ['matrix'],
  uniforms: UNIFORMS,
  workgroup: [128, 1, 1],
  code: `${DOUBLE_FLOAT} ${triangleIn('matrix')}
    const P = ${PANEL};
    var<workgroup> block : array<vec2<f32>, ${PANEL * PANEL}>;
    var<workgroup> line : array<vec2<f32>, ${PANEL}>;

    // Finite and at least 2⁻⁴³. The diagonal was at least 1: less than that is what rounding left of a singular matrix.
    fn isPositive(x : f32) -> bool { return bitcast<u32>(x) - 0x2a000000u < 0x55800000u; }

    fn main() {
      let t = i32(localIndex);
      for (var e = t; e < P * P; e += 128) {
        let row = uniforms.begin + e / P;
        let column = uniforms.begin + e % P;
        var value = vec2<f32>(select(0.0, 1.0, row == column), 0.0);
        if (column <= row && row < uniforms.n) { value = elementAt(row, column); }
        block[e] = value;
      }
      var failures = 0.0;
      if (uniforms.begin > 0) { failures = result[2 * P * P]; }
      workgroupBarrier();
      // Left of the pivot's column stands L⁻¹, finished above its row; right of it what is left of the matrix.
      for (var p = 0; p < P; p++) {
        if (t < P) {
          var pivot = block[p * P + p];
          if (!isPositive(pivot.x)) {
            pivot = vec2<f32>(1.0, 0.0);
            failures = 1.0;
          }
          let root = inverseRoot(pivot);
          if (t == p) { line[t] = root; }
          else { line[t] = productOf(root, block[select(t * P + p, p * P + t, t < p)]); }
        }
        workgroupBarrier();
        for (var e = t; e < P * P; e += 128) {
          let row = e / P;
          let column = e % P;
          if (column <= row && row == p) { block[e] = line[column]; }
          if (column <= row && row > p) {
            let old = select(block[e], vec2<f32>(0.0), column == p);
            block[e] = sumOf(old, -productOf(line[row], line[column]));
          }
        }
        workgroupBarrier();
      }
      for (var e = t; e < P * P; e += 128) {
        let value = select(vec2<f32>(0.0), block[e], e % P <= e / P);
        result[2 * e] = value.x;
        result[2 * e + 1] = value.y;
      }
      if (t == 0) { result[2 * P * P] = failures; }
    }`,
};

/** Rows of the panel that a workgroup computes. */
export const PANEL_ROWS = 8;

/**
 * result [n, PANEL, 2]: after the panel's own rows its columns of L; before and in them its rows of L⁻¹, transposed. Both are
 * the block's inverse times what the matrix holds there.
 */
export const SOLVE_PANEL: ComputeProgram = {
  name: 'inversion-solve-panel',
  inputs: ['matrix', 'block'],
  uniforms: UNIFORMS,
  workgroup: [PANEL, PANEL_ROWS, 1],
  code: `${DOUBLE_FLOAT} ${triangleIn('matrix')}
    const P = ${PANEL};
    var<workgroup> lines : array<vec2<f32>, ${PANEL_ROWS * PANEL}>;

    fn main() {
      let n = uniforms.n;
      let begin = uniforms.begin;
      let c = i32(localId.x);
      let line = i32(localId.y) * P;
      let j = i32(workgroupId.x) * ${PANEL_ROWS} + i32(localId.y);
      let at = begin + c;
      var value = vec2<f32>(select(0.0, 1.0, j == at), 0.0);
      if (j < begin && at < n) { value = elementAt(at, j); }
      if (j >= begin + P && j < n) { value = elementAt(j, at); }
      lines[line + c] = value;
      workgroupBarrier();
      if (j >= n) { return; }
      var total = vec2<f32>(0.0);
      for (var d = 0; d <= c; d++) {
        let place = 2 * (c * P + d);
        total = addProduct(total, vec2<f32>(block[place], block[place + 1]), lines[line + d]);
      }
      total = twoSum(total.x, total.y);
      let place = 2 * (j * P + c);
      result[place] = total.x;
      result[place + 1] = total.y;
    }`,
};

/** Rows and columns that a workgroup updates, and of these a thread. */
export const TILE = 64;
const THREADS = 16;
const EACH = TILE / THREADS;
/** Columns of the panel that are in a workgroup's memory at once: 8 KiB of the 16 that every device has. */
const SLICE = 8;

/**
 * result: from each element (i, j) below the panel's rows goes panel_i · panel_j. In the panel's own columns L is replaced by what
 * becomes L⁻¹, which begins at 0.
 */
export const UPDATE: ComputeProgram = {
  name: 'inversion-update',
  inputs: ['panel'],
  uniforms: [...UNIFORMS, { name: 'firstRow', type: 'i32' }],
  workgroup: [THREADS, THREADS, 1],
  code: `${DOUBLE_FLOAT} ${triangleIn('result')}
    const P = ${PANEL};
    var<workgroup> isEmpty : u32;
    var<workgroup> left : array<vec2<f32>, ${SLICE * TILE}>;
    var<workgroup> right : array<vec2<f32>, ${SLICE * TILE}>;

    fn panelAt(row : i32, c : i32) -> vec2<f32> {
      if (row >= uniforms.n) { return vec2<f32>(0.0); }
      let place = 2 * (row * P + c);
      return vec2<f32>(panel[place], panel[place + 1]);
    }

    fn main() {
      let rows = uniforms.firstRow + i32(workgroupId.y) * ${TILE};
      let columns = i32(workgroupId.x) * ${TILE};
      if (localIndex == 0u) { isEmpty = select(0u, 1u, columns > rows + ${TILE - 1}); }
      if (workgroupUniformLoad(&isEmpty) == 1u) { return; }
      let x = columns + i32(localId.x);
      let y = rows + i32(localId.y);
      var totals : array<vec2<f32>, ${EACH * EACH}>;
      for (var i = 0; i < ${EACH}; i++) {
        for (var k = 0; k < ${EACH}; k++) {
          let row = y + ${THREADS} * i;
          let column = x + ${THREADS} * k;
          let isInPanel = column >= uniforms.begin && column < uniforms.begin + P;
          if (row < uniforms.n && column <= row && !isInPanel) { totals[i * ${EACH} + k] = elementAt(row, column); }
        }
      }
      for (var slice = 0; slice < P; slice += ${SLICE}) {
        workgroupBarrier();
        for (var e = i32(localIndex); e < ${SLICE * TILE}; e += ${THREADS * THREADS}) {
          let c = e % ${SLICE};
          let line = e / ${SLICE};
          left[c * ${TILE} + line] = -panelAt(rows + line, slice + c);
          right[c * ${TILE} + line] = panelAt(columns + line, slice + c);
        }
        workgroupBarrier();
        for (var c = 0; c < ${SLICE}; c++) {
          var b : array<vec2<f32>, ${EACH}>;
          var bHalves : array<vec2<f32>, ${EACH}>;
          for (var k = 0; k < ${EACH}; k++) {
            b[k] = right[c * ${TILE} + i32(localId.x) + ${THREADS} * k];
            bHalves[k] = halves(b[k].x);
          }
          for (var i = 0; i < ${EACH}; i++) {
            let a = left[c * ${TILE} + i32(localId.y) + ${THREADS} * i];
            let aHalves = halves(a.x);
            for (var k = 0; k < ${EACH}; k++) {
              let total = totals[i * ${EACH} + k];
              let product = opaque(a.x * b[k].x);
              let next = twoSum(total.x, product);
              let rest = fma(a.x, b[k].y, fma(a.y, b[k].x, productError(product, aHalves, bHalves[k])));
              totals[i * ${EACH} + k] = vec2<f32>(next.x, total.y + (next.y + rest));
            }
          }
        }
      }
      for (var i = 0; i < ${EACH}; i++) {
        for (var k = 0; k < ${EACH}; k++) {
          let row = y + ${THREADS} * i;
          let column = x + ${THREADS} * k;
          if (row < uniforms.n && column <= row) {
            let total = totals[i * ${EACH} + k];
            let value = twoSum(total.x, total.y);
            let place = placeOf(row, column);
            result[place] = value.x;
            result[place + 1] = value.y;
          }
        }
      }
    }`,
};
