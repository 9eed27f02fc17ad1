import type { WeightDtype } from './checkpoint.ts';

/** Bytes of one element. */
export const WEIGHT_BYTES: Readonly<Record<WeightDtype, number>> = { F32: 4, F16: 2, BF16: 2 };

/** Little-endian elements as stored, widened to float32; exact for each dtype. `bytes` must start its buffer. */
export function toFloat32(bytes: Uint8Array<ArrayBuffer>, dtype: WeightDtype): Float32Array<ArrayBuffer> {
  const length = bytes.length / WEIGHT_BYTES[dtype];
  if (dtype === 'F32') return new Float32Array(bytes.buffer, bytes.byteOffset, length);
  const values = new Float32Array(length);
  widenInto(bytes, dtype, values);
  return values;
}

/** The same into numbers that are there already. */
export function widenInto(
  { buffer, byteOffset, length }: Uint8Array<ArrayBuffer>,
  dtype: 'F16' | 'BF16',
  target: Float32Array<ArrayBuffer>,
): void {
  if (dtype === 'F16') target.set(new Float16Array(buffer, byteOffset, length / 2));
  else widenBfloat16(new Uint16Array(buffer, byteOffset, length / 2), target);
}

/** Rounded to nearest, ties to even, as PyTorch does; values beyond the dtype's range become infinite. */
export function fromFloat32(values: Float32Array<ArrayBuffer>, dtype: WeightDtype): Uint8Array<ArrayBuffer> {
  switch (dtype) {
    case 'F32':
      return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    case 'F16':
      return new Uint8Array(new Float16Array(values).buffer);
    case 'BF16':
      return new Uint8Array(narrowToBfloat16(values).buffer);
  }
}

/** A bfloat16 is the upper half of a float32. */
function widenBfloat16(halves: Uint16Array<ArrayBuffer>, target: Float32Array<ArrayBuffer>): void {
  const bits = new Uint32Array(target.buffer, target.byteOffset, target.length);
  for (let i = 0; i < bits.length; i++) bits[i] = halves[i] << 16;
}

function narrowToBfloat16(values: Float32Array<ArrayBuffer>): Uint16Array<ArrayBuffer> {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < halves.length; i++) {
    const b = bits[i];
    const notANumber = (b & 0x7fffffff) > 0x7f800000;
    // Rounding a NaN could carry it into infinity, so its quiet bit is set instead.
    halves[i] = notANumber ? (b >>> 16) | 0x40 : (b + 0x7fff + ((b >>> 16) & 1)) >>> 16;
  }
  return halves;
}
