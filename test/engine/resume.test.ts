import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Interrupted } from '../../src/contract/error.ts';
import type { PruneSettings } from '../../src/contract/settings.ts';
import { type PruneRequest, prune } from '../../src/engine/prune-run.ts';
import { refusal } from './checkpoint/refusal.ts';
import { temporaryFolder } from './checkpoint/temporary-folder.ts';
import { usableBackends } from './each-backend.ts';
import { FIXTURES } from './oracle-fixture.ts';
import { outcomeOf, toyRequests } from './toy-run.ts';
import { writeLongSamples } from './write-long-samples.ts';

const folder = temporaryFolder();
/** This toy takes 1024 tokens at once. Five samples of 1000 are two micro-batches: a run can be stopped within a layer. */
const modelDir = join(FIXTURES, 'toy-llama3-rope');
const calibration = {
  kind: 'tokens' as const,
  domainFile: writeLongSamples(folder, 5),
  openFile: writeLongSamples(folder, 6),
};
const plain = toyRequests(folder);
const request = (name: string, settings: Partial<PruneSettings> = {}, changes: Partial<PruneRequest> = {}) =>
  plain(name, settings, { modelDir, calibration, ...changes });

/** Prunes until so many steps of progress were reported; true if that was before the end. */
async function pruneUntil(wanted: PruneRequest, steps: number): Promise<boolean> {
  const controller = new AbortController();
  let seen = 0;
  const count = () => {
    if (++seen === steps) controller.abort();
  };
  try {
    await prune(wanted, count, controller.signal);
    return false;
  } catch (error) {
    expect(error).toBeInstanceOf(Interrupted);
    return true;
  }
}

describe('a run that is stopped and resumed ends in the same bytes', () => {
  it.each([
    { name: 'dual', settings: {}, backend: usableBackends[0], first: 1, every: 3 },
    {
      name: 'paper',
      settings: { criterion: 'paper', rho: 1 },
      backend: usableBackends[0],
      first: 2,
      every: 3,
    },
    { name: 'balanced', settings: { criterion: 'balanced' }, backend: usableBackends[0], first: 1, every: 2 },
    { name: 'wasm', settings: {}, backend: 'wasm', first: 3, every: 5 },
    { name: 'wanda', settings: { method: 'wanda' }, backend: usableBackends[0], first: 1, every: 2 },
    { name: 'sparsegpt', settings: { method: 'sparsegpt' }, backend: usableBackends[0], first: 1, every: 1 },
    {
      name: 'compensated',
      settings: { compensate: true, allocation: 'owl' },
      backend: usableBackends[0],
      first: 3,
      every: 6,
    },
    {
      name: 'wanda-compensated',
      settings: { method: 'wanda', compensate: true, allocation: 'owl' },
      backend: usableBackends[0],
      first: 3,
      every: 5,
    },
  ] as const)('after any step ($name)', async ({ name, settings, backend, first, every }) => {
    const whole = request(`${name}-whole`, settings, { backend });
    const { loss } = await prune(whole, () => {});
    const expected = outcomeOf(whole);
    expect(Object.keys(expected.scores).length).toBeGreaterThanOrEqual(2);
    let stops = 0;
    for (let steps = first; ; steps += every) {
      const wanted = request(`${name}-${steps}`, settings, { backend });
      if (!(await pruneUntil(wanted, steps))) break;
      stops++;
      const report = await prune({ ...wanted, resume: true }, () => {});
      expect(outcomeOf(wanted), `stopped after step ${steps}`).toEqual(expected);
      expect(report.loss, `stopped after step ${steps}`).toBe(loss);
      await rm(wanted.outDir, { recursive: true });
      await rm(wanted.runDir, { recursive: true });
    }
    expect(stops).toBeGreaterThan(8 / every);
  });

  it('when it is stopped again and again', async () => {
    const whole = request('whole');
    await prune(whole, () => {});
    const wanted = request('often');
    let attempts = 1;
    while (await pruneUntil({ ...wanted, resume: attempts > 1 }, 4 + 3 * attempts)) attempts++;
    expect(attempts).toBeGreaterThan(3);
    expect(outcomeOf(wanted)).toEqual(outcomeOf(whole));
  });

  it('does not take finished layers up again', async () => {
    const wanted = request('skips');
    const controller = new AbortController();
    await refusal(prune(wanted, ({ stage }) => stage === 'forward' && controller.abort(), controller.signal));
    const seen = new Set<string>();
    await prune({ ...wanted, resume: true }, ({ stage, done }) => seen.add(`${stage} ${done}`));
    expect([...seen].filter((step) => step.startsWith('general'))).toEqual(['general 0']);
    expect(seen).toContain('forward 2');
  });

  it('takes a text up through the layers again, for its gradient, once the general importance is there', async () => {
    const wanted = request('again-for-gradients', { criterion: 'balanced' });
    const controller = new AbortController();
    const first = new Set<string>();
    const stopAtOpen = ({ stage }: { stage: string }) => {
      first.add(stage);
      if (stage === 'open-backward') controller.abort();
    };
    await refusal(prune(wanted, stopAtOpen, controller.signal));
    expect([...first]).toEqual(['general', 'open-backward']);
    const then = new Set<string>();
    await prune({ ...wanted, resume: true }, ({ stage }) => then.add(stage));
    expect([...then].slice(0, 4)).toEqual(['open-forward', 'open-backward', 'forward', 'backward']);
  });

  it('writes the output alone where the scores are all there', async () => {
    const wanted = request('again');
    const first = await prune(wanted, () => {});
    const expected = outcomeOf(wanted);
    await rm(wanted.outDir, { recursive: true });
    const stages = new Set<string>();
    const report = await prune({ ...wanted, resume: true }, ({ stage }) => stages.add(stage));
    expect([...stages].sort()).toEqual(['export', 'verify']);
    expect(outcomeOf(wanted)).toEqual(expected);
    expect(report.loss).toBe(first.loss);
  });
});

describe('a run that is stopped', () => {
  it('leaves no output, not even a part of one', async () => {
    const wanted = request('no-output');
    const controller = new AbortController();
    const stopAtExport = ({ stage }: { stage: string }) => {
      if (stage === 'export') controller.abort();
    };
    await refusal(prune(wanted, stopAtExport, controller.signal));
    expect(readdirSync(folder).filter((name) => name.startsWith('no-output'))).toEqual(['no-output-run']);
  });
});

/** Starts the command line on a long calibration and kills it as soon as `isTime`; the child's exit signal. */
async function killWhen(
  wanted: PruneRequest,
  isTime: () => boolean,
  options: readonly string[],
): Promise<NodeJS.Signals | null> {
  const main = join(import.meta.dirname, '../../src/cli/main.ts');
  const { domainFile, openFile } = wanted.calibration as { domainFile: string; openFile: string };
  const child = spawn(
    process.execPath,
    [
      ...[main, 'prune', '--model', modelDir, '--out', wanted.outDir, '--run', wanted.runDir],
      ...['--tokens', domainFile, '--open-tokens', openFile, '--backend', wanted.backend as string],
      ...options,
    ],
    { stdio: 'ignore' },
  );
  const exit = once(child, 'exit');
  while (child.exitCode === null && !isTime()) await setTimeout(1);
  child.kill('SIGKILL');
  return (await exit)[1];
}

describe('a run that is killed (SIGKILL) and resumed', () => {
  it.each([
    ['general', 0],
    ['general', 1],
    ['domain', 1],
    ['pruned', 0, { method: 'wanda' }],
    ['pruned', 0, { method: 'sparsegpt' }],
    ['pruned', 0, { method: 'magnitude', compensate: true }],
  ] as [string, number, Partial<PruneSettings>?][])(
    'ends in the same bytes: once layer %s %i is there, %o',
    async (part, layer, settings = {}) => {
      const backend = usableBackends[0];
      const { method = 'd-pruner', compensate } = settings;
      const whole = request(`unkilled-${part}-${layer}-${method}`, settings, { backend });
      const { loss } = await prune(whole, () => {});
      const wanted = request(`killed-${part}-${layer}-${method}`, settings, { backend });
      const shard = join(wanted.runDir, `scores/${part}/layer-0000${layer}.safetensors`);
      const options = ['--method', method, ...(compensate ? ['--compensate'] : [])];
      expect(await killWhen(wanted, () => existsSync(shard), options)).toBe('SIGKILL');

      expect(existsSync(wanted.outDir)).toBe(false);
      const { finished } = JSON.parse(readFileSync(join(wanted.runDir, 'run.json'), 'utf8'));
      expect(finished, 'all scores are there').toBe(part === 'pruned');
      expect(readdirSync(wanted.runDir), 'it had no time to give its lock back').toContain('lock');
      await mkdir(join(wanted.runDir, 'scratch'), { recursive: true });
      await writeFile(join(wanted.runDir, 'scratch/activations.bin'), 'what a larger run leaves');

      const report = await prune({ ...wanted, resume: true }, () => {});
      expect(outcomeOf(wanted)).toEqual(outcomeOf(whole));
      expect(report.loss).toBe(loss);
      expect(readdirSync(wanted.runDir).sort()).toEqual(['run.json', 'scores']);
    },
  );
});
