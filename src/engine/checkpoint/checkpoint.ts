import type { ModelConfig } from './config.ts';

/** The element types in which a weight may be stored (safetensors names). */
export type WeightDtype = 'F32' | 'F16' | 'BF16';

/** Where a tensor lies. Offsets are absolute bytes in the file. */
export interface TensorEntry {
  readonly name: string;
  readonly dtype: WeightDtype;
  readonly shape: readonly number[];
  /** File name inside the checkpoint's folder. */
  readonly file: string;
  readonly begin: number;
  readonly end: number;
}

/** A Hugging Face checkpoint opened read-only. Only headers are read until a tensor is asked for. */
export interface Checkpoint {
  readonly dir: string;
  readonly config: ModelConfig;
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  /** The bytes as stored. */
  readRaw(name: string): Promise<Uint8Array<ArrayBuffer>>;
  /** Converted to float32; refuses NaN and infinite values by name of the tensor. */
  readFloat32(name: string): Promise<Float32Array<ArrayBuffer>>;
  close(): Promise<void>;
}
