import { describe, expect, it } from 'vitest';
import { fromFloat32, toFloat32 } from '../../../src/engine/checkpoint/half-precision.ts';

const bytesOf = (...halves: number[]) => new Uint8Array(Uint16Array.from(halves).buffer);
const halvesOf = (bytes: Uint8Array<ArrayBuffer>) => [
  ...new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2),
];

describe('toFloat32', () => {
  it('widens float16 exactly, subnormals and signed zero included', () => {
    const values = toFloat32(bytesOf(0x3c00, 0xc000, 0x0001, 0x8000, 0x7bff, 0x3555), 'F16');
    expect([...values]).toEqual([1, -2, 2 ** -24, -0, 65504, 0.333251953125]);
  });

  it('widens bfloat16 exactly', () => {
    const values = toFloat32(bytesOf(0x3f80, 0xc000, 0x8000, 0x0001, 0x4049), 'BF16');
    expect([...values]).toEqual([1, -2, -0, 2 ** -133, 3.140625]);
  });

  it('keeps infinities and NaN', () => {
    expect([...toFloat32(bytesOf(0x7c00, 0xfc00, 0x7e00), 'F16')]).toEqual([Infinity, -Infinity, NaN]);
    expect([...toFloat32(bytesOf(0x7f80, 0xff80, 0x7fc0), 'BF16')]).toEqual([Infinity, -Infinity, NaN]);
  });
});

describe('fromFloat32', () => {
  it.each(['F16', 'BF16'] as const)('gives back every %s that was widened', (dtype) => {
    const finite = Array.from({ length: 65536 }, (_, half) => half).filter((half) =>
      Number.isFinite(toFloat32(bytesOf(half), dtype)[0]),
    );
    expect(halvesOf(fromFloat32(toFloat32(bytesOf(...finite), dtype), dtype))).toEqual(finite);
  });

  it('rounds bfloat16 to nearest, ties to even', () => {
    // 1 + k/256: the spacing of bfloat16 at 1 is 1/128.
    const values = Float32Array.of(1 + 1 / 256, 1 + 3 / 256, 1 + 1.01 / 256, -1 - 1 / 256, 3.4e38);
    expect(halvesOf(fromFloat32(values, 'BF16'))).toEqual([0x3f80, 0x3f82, 0x3f81, 0xbf80, 0x7f80]);
  });

  it('keeps a NaN whose payload lies in the low bits a NaN', () => {
    const nan = new Float32Array(Uint32Array.of(0x7f800001).buffer);
    expect(toFloat32(fromFloat32(nan, 'BF16'), 'BF16')[0]).toBeNaN();
  });
});
