import { backend, type Tensor } from '@tensorflow/tfjs-core';

/** An attribute of one of TensorFlow's operations; its type is one of the binding's numbers. */
export interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly value: number | boolean;
}

interface OperationOutput {
  readonly id: number;
}

/** What is used of tfjs-node's backend beside tfjs' own operations. */
interface TensorflowBackend {
  readonly isUsingGpuDevice: boolean;
  getInputTensorIds(tensors: Tensor[]): number[];
  executeSingleOutput(name: string, attributes: Attribute[], inputs: Tensor[]): Tensor;
  executeMultipleOutputs(name: string, attributes: Attribute[], inputs: Tensor[], outputs: number): Tensor[];
  /** A tensor of tfjs' for what an operation of the binding's returned. */
  createOutputTensor(output: OperationOutput): Tensor;
  /** Its tensors are ids, and may be of types that tfjs has not. */
  readonly binding: {
    readonly TF_ATTR_TYPE: number;
    readonly TF_ATTR_BOOL: number;
    readonly TF_ATTR_INT: number;
    readonly TF_ATTR_FLOAT: number;
    readonly TF_FLOAT: number;
    executeOp(name: string, attributes: Attribute[], inputs: number[], outputs: number): OperationOutput[];
    createTensor(shape: number[], dtype: number, values: Float32Array | Int32Array): number;
    tensorDataSync(id: number): Float32Array<ArrayBuffer>;
    deleteTensor(id: number): void;
  };
}

/** The backend in use, which has to be TensorFlow's. */
export const tensorflowBackend = (): TensorflowBackend => backend() as unknown as TensorflowBackend;
