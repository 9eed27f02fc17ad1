import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PruneSettings } from '../../src/contract/settings.ts';
import { openCheckpoint } from '../../src/engine/checkpoint/open-checkpoint.ts';
import { prune } from '../../src/engine/prune-run.ts';
import { remask } from '../../src/engine/remask.ts';
import { refusal } from './checkpoint/refusal.ts';
import { temporaryFolder } from './checkpoint/temporary-folder.ts';
import { writeTinyCheckpoint } from './checkpoint/tiny-checkpoint.ts';
import { hashesIn, TOY_WEIGHTS, toyRequests, zerosOf } from './toy-run.ts';

const folder = temporaryFolder();
const request = toyRequests(folder);
const silent = () => {};
const weights = (dir: string) => hashesIn(dir, '*.safetensors');
const run = async (name: string, settings: Partial<PruneSettings>, changes = {}) => {
  const wanted = request(name, settings, changes);
  return { ...wanted, report: await prune(wanted, silent) };
};

describe('compensation', () => {
  it.each<Partial<PruneSettings>>([
    {},
    { criterion: 'general' },
    { method: 'magnitude', group: 'row' },
    { method: 'wanda', sparsity: 0.6 },
    { pattern: '2:4', sparsity: 0.5 },
    { blocking: 'iterative', blockSize: 16 },
  ])('changes the weights that are kept, not which: %o', async (settings) => {
    const plain = await run(`plain-${JSON.stringify(settings).replace(/\W/g, '')}`, settings);
    const updated = await run(`updated-${JSON.stringify(settings).replace(/\W/g, '')}`, {
      ...settings,
      compensate: true,
    });
    expect(await zerosOf(updated.outDir)).toEqual(await zerosOf(plain.outDir));
    expect(weights(updated.outDir)).not.toEqual(weights(plain.outDir));
    expect(updated.report.export.zeros).toBe(plain.report.export.zeros);
  });

  it('goes on from the scores of a run without it, and from those of another sparsity', async () => {
    const scored = await run('scored', {});
    const settings = { compensate: true, sparsity: 0.6 };
    const resumed = request('resumed', settings, { runDir: scored.runDir, resume: true });
    const { stages } = await prune(resumed, silent);
    expect(stages.map(({ stage }) => stage)).toEqual(['prune']);
    const anew = await run('anew', settings);
    expect(weights(resumed.outDir)).toEqual(weights(anew.outDir));

    const other = request(
      'other',
      { compensate: true, sparsity: 0.3 },
      { runDir: scored.runDir, resume: true },
    );
    const { export: exported } = await prune(other, silent);
    expect(exported.zeros / exported.size).toBeCloseTo(0.3, 3);
  });

  it('is left out by remask, which says so', async () => {
    const compensated = await run('compensated', { compensate: true });
    const plain = await run('not-compensated', {});
    const outDir = join(folder, 'remasked');
    const report = await remask({ runDir: compensated.runDir, outDir, changes: {}, force: false }, silent);
    expect(weights(outDir)).toEqual(weights(plain.outDir));
    expect(report.notes.at(-1)).toMatch(/not compensated.*--resume --compensate/);
    expect(report.settings.compensate).toBe(false);
  });

  it.each(['BF16', 'F16'] as const)('is rounded to the source’s dtype (%s)', async (dtype) => {
    const { dir } = await writeTinyCheckpoint(join(folder, dtype), { dtype });
    const openFile = join(folder, `${dtype}.jsonl`);
    const ids = Array.from({ length: 24 }, (_, i) => (7 * i) % 48);
    await writeFile(openFile, `${JSON.stringify({ input_ids: ids })}\n`);
    const calibration = { kind: 'tokens', domainFile: null, openFile };
    const { outDir, report } = await run(
      `${dtype}-out`,
      { method: 'sparsegpt', calibrateOn: 'open' },
      { modelDir: dir, calibration },
    );
    const exported = await openCheckpoint(outDir);
    expect([...exported.tensors.values()].every((entry) => entry.dtype === dtype)).toBe(true);
    await exported.close();
    expect(report.export.zeros).toBeGreaterThanOrEqual(report.export.size / 2);
  });
});

describe('allocation owl', () => {
  it.each<Partial<PruneSettings>>([
    {},
    { group: 'row' },
    { blocking: 'iterative', blockSize: 16 },
    { method: 'magnitude' },
    { method: 'wanda' },
    { method: 'sparsegpt' },
  ])('keeps the whole sparsity and moves it between layers: %o', async (settings) => {
    const name = `owl-${JSON.stringify(settings).replace(/\W/g, '')}`;
    const { report } = await run(name, { ...settings, allocation: 'owl' });
    const { size, zeros, matrices } = report.export;
    expect(zeros).toBeLessThanOrEqual(size / 2);
    expect(zeros).toBeGreaterThan(size / 2 - TOY_WEIGHTS.length);
    const shareOf = (layer: number) => {
      const of = TOY_WEIGHTS.filter((weight) => weight.includes(`layers.${layer}.`)).map(
        (weight) => matrices[weight],
      );
      return of.reduce((sum, each) => sum + each.zeros, 0) / of.reduce((sum, each) => sum + each.size, 0);
    };
    expect(Math.abs(shareOf(0) - shareOf(1))).toBeCloseTo(0.16, 2);
  });

  it('is made of a run’s scores like anything that decides a mask', async () => {
    const uniform = await run('uniform', {});
    const owl = await run('owl', { allocation: 'owl', sparsity: 0.6 });
    const outDir = join(folder, 'owl-remasked');
    const changes = { allocation: 'owl', sparsity: 0.6 } as const;
    await remask({ runDir: uniform.runDir, outDir, changes, force: false }, silent);
    expect(weights(outDir)).toEqual(weights(owl.outDir));
  });
});

describe('settings that cannot be had together are refused', () => {
  it.each<[string, Partial<PruneSettings>]>([
    ['SETTINGS_CONFLICT', { pattern: '2:4', sparsity: 0.6 }],
    ['SETTINGS_CONFLICT', { pattern: '2:4', group: 'row' }],
    ['SETTINGS_CONFLICT', { pattern: '4:8', allocation: 'owl' }],
    ['SETTINGS_CONFLICT', { group: 'matrix', blocking: 'iterative' }],
    ['SETTINGS_CONFLICT', { method: 'sparsegpt', group: 'matrix' }],
    ['SETTINGS_CONFLICT', { method: 'sparsegpt', pattern: '4:8', blockSize: 12 }],
  ])('%s: %o', async (code, settings) => {
    expect(await refusal(prune(request(`refused-${code}`, settings), silent))).toMatchObject({ code });
  });

  it('and other masks of a run without scores', async () => {
    const wanda = await run('wanda-run', { method: 'wanda' });
    const request = { runDir: wanda.runDir, outDir: join(folder, 'none'), changes: {}, force: false };
    expect(await refusal(remask(request, silent))).toMatchObject({ code: 'SCORES_MISSING' });
  });
});
