import { expect, it } from 'vitest';
import { hashFile } from '../../../src/engine/calibration/hash-file.ts';
import { temporaryFolder } from './temporary-folder.ts';

const write = temporaryFolder();

it('gives the SHA-256 of the bytes', async () => {
  const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'; // FIPS 180-2, B.1
  expect(await hashFile(write('abc', 'abc'))).toBe(abc);
});
