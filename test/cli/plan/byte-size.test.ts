import { expect, it } from 'vitest';
import { byteSize } from '../../../src/cli/plan/byte-size.ts';

it.each([
  ['8GiB', 8 * 2 ** 30],
  ['500 MB', 500e6],
  ['1.5tb', 1.5e12],
  ['4096', 4096],
  ['0', 0],
])('%s is %i bytes', (text, bytes) => {
  expect(byteSize(text)).toBe(bytes);
});

it.each(['', 'eight', '8 gigs', '-1GB', 'GiB', '1e3'])('"%s" is no size', (text) => {
  expect(() => byteSize(text)).toThrow('Expected a size such as 8GiB');
});
