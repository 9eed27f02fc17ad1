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

/** Part of a tensor: `count` elements from the flat row-major index `first` on. */
export interface ElementRange {
  readonly first: number;
  readonly count: number;
}

/** A Hugging Face checkpoint opened read-only. Only headers are read until a tensor is asked for. */
export interface Checkpoint {
  readonly dir: string;
  readonly config: ModelConfig;
  /** By name; of each file in the order of its bytes, the files in the order of their names. */
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  /** What has been read once stays in memory: reading ahead is of no use. */
  readonly isHeld?: boolean;
  /** The bytes as stored, of the whole tensor or of a range of it. */
  readRaw(name: string, range?: ElementRange): Promise<Uint8Array<ArrayBuffer>>;
  /** Converted to float32; refuses NaN and infinite values by name of the tensor. */
  readFloat32(name: string, range?: ElementRange): Promise<Float32Array<ArrayBuffer>>;
  close(): Promise<void>;
}
