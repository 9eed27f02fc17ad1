import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PruneSettings } from '../../src/contract/settings.ts';
import { readLayerShard, writeLayerShard } from '../../src/engine/importance/layer-shard.ts';
import { correlationName, ScoreStore } from '../../src/engine/importance/score-store.ts';
import { INPUT_GROUPS } from '../../src/engine/model/input-groups.ts';
import { prune } from '../../src/engine/prune-run.ts';
import { remask } from '../../src/engine/remask.ts';
import { refusal } from './checkpoint/refusal.ts';
import { temporaryFolder } from './checkpoint/temporary-folder.ts';
import { describeOnEachBackend } from './each-backend.ts';
import { hashesIn, TOY, TOY_WEIGHTS, toyRequests, zerosOf } from './toy-run.ts';

const folder = temporaryFolder();
const request = toyRequests(folder);
const silent = () => {};
const joint = await readLayerShard(join(TOY, 'joint.safetensors'));
const expected = await readLayerShard(join(TOY, 'expected.safetensors'));
const model = await readLayerShard(join(TOY, 'model.safetensors'));
const weights = (dir: string) => hashesIn(dir, '*.safetensors');

/** Σ s_i s_j ρ_ij over the removed weights of each row, summed up. */
function cost(name: string, removed: Uint8Array): number {
  const [logs, weight] = [expected.tensors.get(`${name}.final.balanced`), model.tensors.get(name)].map(
    (tensor) => tensor?.values as Float32Array,
  );
  const input = name
    .replace(/\.weight$/, '')
    .replace(/[kv]_proj/, 'q_proj')
    .replace('up_proj', 'gate_proj');
  const rho = joint.tensors.get(`${input}.correlation`)?.values as Float32Array;
  const columns = Math.sqrt(rho.length);
  const size = Float64Array.from(logs, (log, m) => removed[m] * Math.sign(weight[m]) * Math.exp(log / 2));
  let total = 0;
  for (let m = 0; m < size.length; m++) {
    const row = m - (m % columns);
    for (let k = 0; k < columns; k++) total += size[m] * size[row + k] * rho[(m % columns) * columns + k];
  }
  return total;
}

describeOnEachBackend('a run with joint selection', (backend) => {
  it.each<{ name: string; settings: Partial<PruneSettings> }>([
    { name: 'matrix', settings: {} },
    { name: 'blocks', settings: { blocking: 'iterative', blockSize: 16 } },
    { name: '2:4', settings: { pattern: '2:4' } },
  ])('costs what the weights cost that PyTorch removes: $name', async ({ name, settings }) => {
    const wanted = request(
      `${backend}-${name.replace(':', '-')}`,
      { criterion: 'balanced', ...settings },
      { backend },
    );
    const { export: exported } = await prune(wanted, silent);
    expect(exported.zeros).toBe(exported.size / 2);
    const zeros = await zerosOf(wanted.outDir);
    for (const weight of TOY_WEIGHTS) {
      const theirs = cost(weight, joint.tensors.get(`${weight}.${name}`)?.values as Uint8Array);
      // The scores are 16-bit codes: where two swaps are nearly alike the search may take the other way.
      expect(cost(weight, zeros.get(weight) as Uint8Array) / theirs, weight).toBeCloseTo(1, 1);
    }
  });
});

describe('joint selection', () => {
  it('is what the balanced criterion does, and no other, if nothing else is said', async () => {
    const run = async (name: string, settings: Partial<PruneSettings>) => {
      const wanted = request(name, settings);
      await prune(wanted, silent);
      return weights(wanted.outDir);
    };
    const balanced = await run('balanced', { criterion: 'balanced' });
    expect(balanced).toEqual(await run('balanced-joint', { criterion: 'balanced', selection: 'joint' }));
    expect(balanced).not.toEqual(
      await run('balanced-single', { criterion: 'balanced', selection: 'single' }),
    );
    const dual = await run('dual', { criterion: 'dual' });
    expect(dual).toEqual(await run('dual-single', { criterion: 'dual', selection: 'single' }));
    expect(dual).not.toEqual(await run('dual-joint', { criterion: 'dual', selection: 'joint' }));
  });

  it('is made from a finished run’s scores, at any sparsity, as a run of its own makes it', async () => {
    const scored = request('scored', { criterion: 'balanced', selection: 'single' });
    await prune(scored, silent);
    const outDir = join(folder, 'remasked');
    const changes = { selection: 'joint', sparsity: 0.6 } as const;
    await remask({ runDir: scored.runDir, outDir, changes, force: false }, silent);
    const anew = request('anew', { criterion: 'balanced', sparsity: 0.6 });
    await prune(anew, silent);
    expect(weights(outDir)).toEqual(weights(anew.outDir));
  });

  it('is refused for a criterion without a general pass', async () => {
    const wanted = request('domain-joint', { criterion: 'domain', selection: 'joint' });
    expect(await refusal(prune(wanted, silent))).toMatchObject({
      code: 'SETTINGS_CONFLICT',
      message: expect.stringContaining('--selection joint'),
    });
  });

  it('is refused for a run that did not keep how the inputs go together', async () => {
    const old = request('old', { criterion: 'balanced' });
    await prune(old, silent);
    const store = new ScoreStore(join(old.runDir, 'scores'));
    const path = join(old.runDir, 'scores', 'mixed', 'layer-00000.safetensors');
    const { tensors, metadata } = await store.read('mixed', 0);
    rmSync(path);
    const names = INPUT_GROUPS.map(correlationName);
    await writeLayerShard(path, {
      tensors: new Map([...tensors].filter(([name]) => !names.includes(name))),
      metadata,
    });
    const ask = (selection: 'joint' | 'single') =>
      remask(
        {
          runDir: old.runDir,
          outDir: join(folder, `old-${selection}`),
          changes: { selection },
          force: false,
        },
        silent,
      );
    expect(await refusal(ask('joint'))).toMatchObject({
      code: 'SCORES_MISSING',
      fix: expect.stringContaining('--selection single'),
    });
    await expect(ask('single')).resolves.toMatchObject({ settings: { selection: 'single' } });
  });
});
