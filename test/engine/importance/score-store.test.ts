import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeLogs } from '../../../src/engine/importance/encode-logs.ts';
import { readLayerShard, writeLayerShard } from '../../../src/engine/importance/layer-shard.ts';
import { codesFromShard, codesToShard, ScoreStore } from '../../../src/engine/importance/score-store.ts';
import { temporaryFolder } from '../checkpoint/temporary-folder.ts';
import { randomValues } from '../random-values.ts';

const encodeImportance = (importance: ArrayLike<number>) =>
  encodeLogs(Float32Array.from(importance, Math.log));

const folder = temporaryFolder();

describe('a layer shard', () => {
  it('comes back as it was written', async () => {
    const path = join(folder, 'shard.safetensors');
    const shard = {
      tensors: new Map([
        ['a', { shape: [2, 3], values: Float32Array.of(1, -2, 3, 1e-40, 0, -0) }],
        ['b', { shape: [3], values: Uint16Array.of(0, 1, 65535) }],
        ['c', { shape: [1, 1], values: Uint32Array.of(4_000_000_000) }],
      ]),
      metadata: { a: 'x', b: '[1,2]' },
    };
    await writeLayerShard(path, shard);
    const found = await readLayerShard(path);
    expect(found.metadata).toEqual(shard.metadata);
    for (const [name, tensor] of shard.tensors) expect(found.tensors.get(name)).toEqual(tensor);
    expect(found.tensors.size).toBe(3);
  });
});

describe('ScoreStore', () => {
  const codes = (seed: number) => encodeImportance(randomValues(12, seed).map(Math.abs));
  const matrices = new Map([
    ['p.weight', { shape: [3, 4], codes: codes(1) }],
    ['q.weight', { shape: [2, 6], codes: codes(2) }],
  ]);

  it('gives back the codes of each matrix, and what was put beside them', async () => {
    const store = new ScoreStore(join(folder, 'scores'));
    const extra = new Map([['p.weight.histogram', { shape: [2], values: Uint32Array.of(5, 7) }]]);
    await store.write('domain', 3, codesToShard(matrices, extra));
    const shard = await store.read('domain', 3);
    for (const [name, { codes: expected }] of matrices) {
      expect(codesFromShard(shard, name)).toEqual(expected);
    }
    expect(shard.tensors.get('p.weight.histogram')?.values).toEqual(Uint32Array.of(5, 7));
    expect(() => codesFromShard(shard, 'r.weight')).toThrow('no codes of r.weight');
  });

  it('knows which layers of which part are there, and forgets a part', async () => {
    const store = new ScoreStore(join(folder, 'other'));
    expect(store.has('general', 0)).toBe(false);
    await store.write('general', 0, codesToShard(matrices));
    await store.write('generalExact', 0, codesToShard(matrices));
    expect([store.has('general', 0), store.has('general', 1), store.has('domain', 0)]).toEqual([
      true,
      false,
      false,
    ]);
    expect(readdirSync(join(folder, 'other/general'))).toEqual(['layer-00000.safetensors']);
    await store.remove('generalExact');
    await store.remove('generalExact');
    expect([store.has('general', 0), store.has('generalExact', 0)]).toEqual([true, false]);
  });
});
