import { fromFloat32, toFloat32 } from '../checkpoint/half-precision.ts';

/** How activations between layers are kept: as they are, or rounded to the nearest bfloat16 in half the space. */
export const ACTIVATION_FORMATS = ['float32', 'bfloat16'] as const;
export type ActivationFormat = (typeof ACTIVATION_FORMATS)[number];

/** Bytes of one kept value. */
export const ACTIVATION_BYTES: Readonly<Record<ActivationFormat, number>> = { float32: 4, bfloat16: 2 };

const DTYPE = { float32: 'F32', bfloat16: 'BF16' } as const;

/** The bytes to keep; with float32 they are the values' own memory. */
export const encodeActivations = (
  values: Float32Array<ArrayBuffer>,
  format: ActivationFormat,
): Uint8Array<ArrayBuffer> => fromFloat32(values, DTYPE[format]);

/** The values of kept bytes, which must start their buffer. */
export const decodeActivations = (
  bytes: Uint8Array<ArrayBuffer>,
  format: ActivationFormat,
): Float32Array<ArrayBuffer> => toFloat32(bytes, DTYPE[format]);
