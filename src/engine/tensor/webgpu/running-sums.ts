import type { Tensor } from '@tensorflow/tfjs-core';
import { type ComputeProgram, runProgram } from './compute-program.ts';

const THREADS = 256;
/** No device takes more workgroups in one direction. */
const MOST_GROUPS = 2 ** 15;

const running = (name: string, term: string): ComputeProgram => ({
  name,
  inputs: ['x'],
  uniforms: [{ name: 'size', type: 'i32' }],
  workgroup: [THREADS, 1, 1],
  code: `
    fn main() {
      let i = i32((workgroupId.y * numWorkgroups.x + workgroupId.x) * ${THREADS}u + localIndex);
      if (i < uniforms.size) { result[i] = result[i] + ${term}; }
    }`,
});

const ADD = running('running-sum', 'x[i]');
const ADD_SQUARES = running('running-sum-of-squares', 'x[i] * x[i]');

/** total += x, in place. */
export const webgpuAddInPlace = (total: Tensor, x: Tensor): void => run(ADD, total, x);

/** total += x², in place. */
export const webgpuAddSquaresInPlace = (total: Tensor, x: Tensor): void => run(ADD_SQUARES, total, x);

function run(program: ComputeProgram, total: Tensor, x: Tensor): void {
  const { size } = total;
  const groups = Math.ceil(size / THREADS);
  const columns = Math.min(groups, MOST_GROUPS);
  runProgram(program, { inputs: [x], output: total }, { size }, [columns, Math.ceil(groups / columns)]);
}
