import { existsSync } from 'node:fs';
import { appendFile, cp, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PruneSettings } from '../../src/contract/settings.ts';
import { type PruneRequest, prune } from '../../src/engine/prune-run.ts';
import { type MaskChanges, remask } from '../../src/engine/remask.ts';
import { refusal } from './checkpoint/refusal.ts';
import { temporaryFolder } from './checkpoint/temporary-folder.ts';
import { hashesIn, TOY, toyRequests } from './toy-run.ts';

const folder = temporaryFolder();
const request = toyRequests(folder);
const silent = () => {};
const weights = (dir: string) => hashesIn(dir, '*.safetensors');

const dual = request('dual');
const paper = request('paper', { criterion: 'paper', rho: 1 });
beforeAll(async () => {
  await prune(dual, silent);
  await prune(paper, silent);
});

let made = 0;
const remaskTo = async (runDir: string, changes: MaskChanges) => {
  const outDir = join(folder, `remasked-${made++}`);
  return { outDir, report: await remask({ runDir, outDir, changes, force: false }, silent) };
};

describe('remask', () => {
  it('makes the same model again where nothing changes', async () => {
    const { outDir, report } = await remaskTo(dual.runDir, {});
    expect(weights(outDir)).toEqual(weights(dual.outDir));
    expect(report).toMatchObject({ outDir, runDir: dual.runDir, loss: expect.any(Number), stages: [] });
  });

  it.each<MaskChanges>([
    { sparsity: 0.7 },
    { mu: 0.9 },
    { mu: 0 },
    { blocking: 'iterative', blockSize: 16, sparsity: 0.25 },
    { criterion: 'general' },
    { criterion: 'domain' },
  ])('makes the model that pruning anew would: %o', async (changes) => {
    const anew = request(`anew-${made}`, changes as Partial<PruneSettings>);
    await prune(anew, silent);
    const { outDir, report } = await remaskTo(dual.runDir, changes);
    expect(weights(outDir)).toEqual(weights(anew.outDir));
    expect(weights(outDir)).not.toEqual(weights(dual.outDir));
    expect(report.settings).toMatchObject(changes);
  });

  it('says in dpruner.json what the new masks were made with', async () => {
    const { outDir } = await remaskTo(dual.runDir, { sparsity: 0.6, mu: 0.25 });
    const record = JSON.parse(await readFile(join(outDir, 'dpruner.json'), 'utf8'));
    expect(record.settings).toMatchObject({ sparsity: 0.6, mu: 0.25, criterion: 'dual', samples: 1000 });
    expect(record.domainTokens).toMatchObject({ samples: 5, tokens: 85 });
  });

  it('takes the run’s own criterion', async () => {
    const { outDir } = await remaskTo(paper.runDir, {});
    expect(weights(outDir)).toEqual(weights(paper.outDir));
  });

  it('leaves the run as it is', async () => {
    const before = hashesIn(dual.runDir, '**');
    await remaskTo(dual.runDir, { sparsity: 0.4 });
    expect(hashesIn(dual.runDir, '**')).toEqual(before);
  });
});

describe('remask refuses', () => {
  const refused = (runDir: string, changes: MaskChanges = {}) => refusal(remaskTo(runDir, changes));
  const nextOut = () => join(folder, `remasked-${made}`);

  it('a criterion whose scores the run does not have', async () => {
    const out = nextOut();
    expect(await refused(dual.runDir, { criterion: 'paper' })).toMatchObject({
      code: 'SCORES_MISSING',
      message: expect.stringMatching(/no final scores.*paper.*made with dual/),
    });
    expect(existsSync(out)).toBe(false);
    const general = request('general', { criterion: 'general' });
    await prune(general, silent);
    expect(await refused(general.runDir, { criterion: 'dual' })).toMatchObject({
      code: 'SCORES_MISSING',
      message: expect.stringContaining('no domain scores'),
    });
  });

  it('a folder that is not of a run', async () => {
    expect(await refused(folder)).toMatchObject({
      code: 'RUN_MISSING',
      message: expect.stringContaining(folder),
    });
    expect(await refused(join(folder, 'nowhere'))).toMatchObject({ code: 'RUN_MISSING' });
  });

  it('a run that has not finished', async () => {
    const { runDir } = await stopped();
    expect(await refused(runDir)).toMatchObject({
      code: 'RUN_UNFINISHED',
      message: expect.stringContaining(runDir),
    });
  });

  it('a damaged record', async () => {
    const dir = join(folder, 'damaged');
    await cp(dual.runDir, dir, { recursive: true });
    await writeFile(join(dir, 'run.json'), '{"format":2}');
    expect(await refused(dir)).toMatchObject({ code: 'RUN_RECORD_INVALID' });
  });

  it.each([
    ['weights', 'model.safetensors'],
    ['config', 'config.json'],
  ])('a model whose %s were changed since', async (_, file) => {
    const modelDir = join(folder, `changed-${file}`);
    await cp(TOY, modelDir, { recursive: true });
    const run = request(`changed-${file}-out`, {}, { modelDir });
    await prune(run, silent);
    if (file === 'config.json') await appendFile(join(modelDir, file), '\n');
    else await utimes(join(modelDir, file), new Date(), new Date(Date.now() + 5000));
    expect(await refused(run.runDir)).toMatchObject({
      code: 'MODEL_CHANGED',
      message: expect.stringContaining(modelDir),
    });
  });

  it('an output that exists', async () => {
    const error = await refusal(
      remask({ runDir: dual.runDir, outDir: dual.outDir, changes: {}, force: false }, silent),
    );
    expect(error).toMatchObject({ code: 'OUTPUT_EXISTS' });
  });
});

async function stopped(): Promise<PruneRequest> {
  const wanted = request('stopped');
  const controller = new AbortController();
  await refusal(prune(wanted, () => controller.abort(), controller.signal));
  return wanted;
}
