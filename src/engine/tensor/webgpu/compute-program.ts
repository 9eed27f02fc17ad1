import { backend, engine, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core';

type Size3 = readonly [x: number, y: number, z: number];

/** A compute shader of our own that tfjs' WebGPU backend runs between its own operations. */
export interface ComputeProgram {
  /** Unlike that of any other. */
  readonly name: string;
  /** Tensors it reads, `array<f32>` each under this name; what it writes is called `result` and can be read as well. */
  readonly inputs: readonly string[];
  /** Numbers it is given at every call; `uniforms.zero` is always 0u, which compilers do not know. */
  readonly uniforms: readonly { readonly name: string; readonly type: 'i32' | 'f32' }[];
  readonly workgroup: Size3;
  /** WGSL that declares `fn main()` and, if it wants, what is in tfjs' prelude: localId, localIndex, workgroupId, globalId. */
  readonly code: string;
}

/** What is used of tfjs' backend to run one. */
interface ProgramBackend {
  makeTensorInfo(shape: number[], dtype: 'float32'): TensorInfo;
  runWebGPUProgram(
    program: TfjsProgram,
    inputs: readonly TensorInfo[],
    dtype: 'float32',
    uniforms: readonly { readonly type: 'int32' | 'uint32' | 'float32'; readonly data: number[] }[],
    output: TensorInfo,
  ): TensorInfo;
  endComputePassEncoder(): void;
  submitQueue(): void;
}

/** tfjs writes into it. */
interface TfjsProgram {
  variableNames: string[];
  outputShape: number[];
  workgroupSize: number[];
  dispatchLayout: Readonly<Record<'x' | 'y' | 'z', number[]>>;
  dispatch: number[];
  shaderKey: string;
  uniforms: string;
  getUserCode(): string;
}

const programBackend = (): ProgramBackend => backend() as unknown as ProgramBackend;

/** A float32 tensor on the device whose values are whatever lies there. */
export function unsetTensor<T extends Tensor>(shape: number[]): T {
  return engine().makeTensorFromTensorInfo(programBackend().makeTensorInfo(shape, 'float32')) as T;
}

/**
 * Has a program run when the device comes to it.
 * @param output is written in place
 * @param workgroups how many, in each direction
 */
export function runProgram(
  program: ComputeProgram,
  { inputs, output }: { readonly inputs: readonly Tensor[]; readonly output: Tensor },
  uniforms: Readonly<Record<string, number>>,
  [x, y = 1, z = 1]: readonly [x: number, y?: number, z?: number],
): void {
  const { name, code, workgroup } = program;
  const declared = program.uniforms.map((uniform) => `${uniform.name} : ${uniform.type}, `).join('');
  const values = program.uniforms.map((uniform) => ({
    type: uniform.type === 'i32' ? ('int32' as const) : ('float32' as const),
    data: [uniforms[uniform.name]],
  }));
  programBackend().runWebGPUProgram(
    {
      variableNames: [...program.inputs],
      outputShape: output.shape,
      workgroupSize: [...workgroup],
      dispatchLayout: { x: [0], y: [1], z: [2] },
      dispatch: [x, y, z],
      shaderKey: `dpruner-${name}`,
      uniforms: `${declared}zero : u32, `,
      getUserCode: () => code,
    },
    inputs,
    'float32',
    [...values, { type: 'uint32', data: [0] }],
    output,
  );
}

/** Hands what was asked for so far over to the device, in a command of its own: drivers end those that take seconds. */
export function submit(): void {
  const current = programBackend();
  current.endComputePassEncoder();
  current.submitQueue();
}
