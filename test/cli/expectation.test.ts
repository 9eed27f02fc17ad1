import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { describeExpected } from '../../src/cli/expectation.ts';
import { pruneSettings } from '../../src/contract/settings.ts';

describe('describeExpected', () => {
  const { shape } = pruneSettings;

  it.each([
    ['a number above 0 and below 1', shape.sparsity],
    ['a number from 0 to 1', shape.mu],
    ['a number above 0', shape.alpha],
    ['a number from 0', shape.rho],
    ['a whole number above 0', shape.blockSize],
    ['a whole number from 0', shape.seed],
    ['one of: none, iterative', shape.blocking],
    ['a boolean', z.boolean()],
  ])('says %s', (words, schema) => {
    expect(describeExpected(schema)).toBe(words);
  });
});
