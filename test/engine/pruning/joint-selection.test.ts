import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readLayerShard } from '../../../src/engine/importance/layer-shard.ts';
import { selectJointly } from '../../../src/engine/pruning/joint-selection.ts';
import { pruneLowest } from '../../../src/engine/pruning/mask.ts';
import { memory } from '../../../src/engine/tensor/ops.ts';
import { describeOnEachBackend } from '../each-backend.ts';
import { FIXTURES } from '../oracle-fixture.ts';
import { randomValues } from '../random-values.ts';

const TOY = join(FIXTURES, 'toy-llama');
const joint = await readLayerShard(join(TOY, 'joint.safetensors'));
const expected = await readLayerShard(join(TOY, 'expected.safetensors'));
const model = await readLayerShard(join(TOY, 'model.safetensors'));
const floats = ({ tensors }: typeof joint, name: string): Float32Array<ArrayBuffer> => {
  const values = tensors.get(name)?.values;
  if (!(values instanceof Float32Array)) throw new Error(`no ${name}`);
  return values;
};

/** The linear layers of the toy, and whose input each of them reads. */
const LINEARS = [0, 1].flatMap((layer) => {
  const [attention, mlp] = ['self_attn', 'mlp'].map((part) => `model.layers.${layer}.${part}`);
  return [
    ...['q', 'k', 'v'].map((name) => [`${attention}.${name}_proj`, `${attention}.q_proj`]),
    [`${attention}.o_proj`, `${attention}.o_proj`],
    ...['gate', 'up'].map((name) => [`${mlp}.${name}_proj`, `${mlp}.gate_proj`]),
    [`${mlp}.down_proj`, `${mlp}.down_proj`],
  ];
});

const CASES = [
  ['matrix', { sparsity: 0.5, blockColumns: null, pattern: null }],
  ['blocks', { sparsity: 0.5, blockColumns: 16, pattern: null }],
  ['2:4', { sparsity: 0.5, blockColumns: null, pattern: { kept: 2, group: 4 } }],
] as const;

describeOnEachBackend('the joint selection', () => {
  it.each(CASES)('removes the weights that PyTorch’s search removes: %s', (name, grouping) => {
    const before = memory().numTensors;
    for (const [linear, input] of LINEARS) {
      const logImportance = floats(expected, `${linear}.weight.final.balanced`);
      const correlation = floats(joint, `${input}.correlation`);
      const columns = Math.sqrt(correlation.length);
      const rows = logImportance.length / columns;
      const start = pruneLowest(logImportance, rows, columns, grouping);
      const weight = floats(model, `${linear}.weight`);
      const chosen = selectJointly({ logImportance, weight, correlation, columns }, start, grouping);
      expect(chosen, linear).toEqual(joint.tensors.get(`${linear}.weight.${name}`)?.values);
      expect(chosen, linear).not.toEqual(start);
    }
    expect(memory().numTensors).toBe(before);
  });

  it('leaves what single importances choose where no two inputs go together', () => {
    const logImportance = Float32Array.from(randomValues(48, 1));
    const correlation = Float32Array.from({ length: 64 }, (_, i) => Number(i % 9 === 0));
    const start = pruneLowest(logImportance, 6, 8, { sparsity: 0.5, blockColumns: null, byRow: true });
    const matrix = { logImportance, weight: Float32Array.from(randomValues(48, 2)), correlation, columns: 8 };
    expect(selectJointly(matrix, start, { blockColumns: null })).toEqual(start);
  });

  it('takes no dead weight back, and leaves a matrix that is dead throughout', () => {
    const logImportance = Float32Array.of(-Infinity, -1, -Infinity, -2);
    const weight = Float32Array.of(0, 1, 0, 1);
    const correlation = new Float32Array(16).fill(1);
    const matrix = { logImportance, weight, correlation, columns: 4 };
    const start = Uint8Array.of(1, 0, 1, 0);
    expect(selectJointly(matrix, start, { blockColumns: null })).toEqual(start);
    const dead = { ...matrix, logImportance: new Float32Array(4).fill(-Infinity) };
    expect(selectJointly(dead, start, { blockColumns: null })).toEqual(start);
  });
});

describe('selectJointly', () => {
  // Two inputs that always say the same: weights of opposite signs cancel there, of equal signs they add up.
  const correlation = Float32Array.of(1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1);
  const select = (weight: number[]) => {
    const weights = Float32Array.from(weight);
    const logImportance = weights.map((value) => Math.log(value * value));
    const start = pruneLowest(logImportance, 1, 4, { sparsity: 0.5, blockColumns: null });
    return [
      ...selectJointly({ logImportance, weight: weights, correlation, columns: 4 }, start, {
        blockColumns: null,
      }),
    ];
  };

  it('removes two weights together whose effects cancel, though one of them by itself matters more', () => {
    expect(select([1, -1.05, 1.02, 3])).toEqual([1, 1, 0, 0]);
  });

  it('does not remove two together whose effects add up, though each by itself matters less', () => {
    expect(select([1, 1.1, 1.5, 3])).toEqual([1, 0, 1, 0]);
  });

  it('comes near the best of all ways to remove four of eight', () => {
    const costs = { start: 0, found: 0, best: 0 };
    for (let seed = 0; seed < 20; seed++) {
      const { correlation: rho, weight } = randomProblem(8, seed);
      const logImportance = weight.map((value) => Math.log(value * value));
      const start = pruneLowest(logImportance, 1, 8, { sparsity: 0.5, blockColumns: null });
      const found = selectJointly({ logImportance, weight, correlation: rho, columns: 8 }, start, {
        blockColumns: null,
      });
      expect(found.reduce((a, b) => a + b)).toBe(4);
      expect(cost(found, weight, rho)).toBeLessThanOrEqual(cost(start, weight, rho) + 1e-6);
      costs.start += cost(start, weight, rho);
      costs.found += cost(found, weight, rho);
      costs.best += Math.min(...allHalves(8).map((flags) => cost(flags, weight, rho)));
    }
    expect(costs.found).toBeLessThan(1.15 * costs.best);
    expect(costs.start).toBeGreaterThan(1.3 * costs.best);
  });
});

/** Inputs of 12 tokens, and weights whose importance is their own square. */
function randomProblem(columns: number, seed: number) {
  const x = randomValues(12 * columns, 100 + seed);
  const product = (i: number, j: number) => {
    let total = 0;
    for (let t = 0; t < 12; t++) total += x[t * columns + i] * x[t * columns + j];
    return total;
  };
  const correlation = Float32Array.from({ length: columns ** 2 }, (_, m) => {
    const [i, j] = [Math.floor(m / columns), m % columns];
    return product(i, j) / Math.sqrt(product(i, i) * product(j, j));
  });
  return { correlation, weight: Float32Array.from(randomValues(columns, 200 + seed)) };
}

function cost(flags: Uint8Array, weight: Float32Array, correlation: Float32Array): number {
  let total = 0;
  for (const [i, gone] of flags.entries()) {
    for (const [j, also] of flags.entries())
      if (gone && also) total += weight[i] * weight[j] * correlation[i * flags.length + j];
  }
  return total;
}

const allHalves = (columns: number): Uint8Array[] =>
  Array.from({ length: 2 ** columns }, (_, bits) =>
    Uint8Array.from({ length: columns }, (_, k) => (bits >> k) & 1),
  ).filter((flags) => flags.reduce((a, b) => a + b) === columns / 2);
