import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { PruneSettings } from '../../../src/contract/settings.ts';
import type { PruneRequest } from '../../../src/engine/prune-run.ts';
import { temporaryFolder } from '../checkpoint/temporary-folder.ts';
import { usableBackends } from '../each-backend.ts';
import { FIXTURES } from '../oracle-fixture.ts';
import { seededUniform } from '../random-values.ts';
import { outcomeOf, toyRequests } from '../toy-run.ts';
import { writeLongSamples } from '../write-long-samples.ts';

/** How many moments are tried; `npm test` tries a few, DPRUNER_CRASH_POINTS=50 as many as one likes. */
const CRASH_POINTS = Number(process.env.DPRUNER_CRASH_POINTS ?? 6);
const SEED = Number(process.env.DPRUNER_CRASH_SEED ?? 1);

const folder = temporaryFolder();
const modelDir = join(FIXTURES, 'toy-llama3-rope');
const calibration = {
  kind: 'tokens' as const,
  domainFile: writeLongSamples(folder, 5),
  openFile: writeLongSamples(folder, 6),
};
const plain = toyRequests(folder);
const request = (name: string, settings: Partial<PruneSettings>): PruneRequest =>
  plain(name, settings, { modelDir, calibration, backend: usableBackends[0] });

/** Runs that go through every stage there is. */
const RUNS: readonly (readonly [name: string, Partial<PruneSettings>])[] = [
  ['dual', {}],
  ['balanced-compensated', { criterion: 'balanced', compensate: true, allocation: 'owl' }],
  ['paper', { criterion: 'paper', rho: 1 }],
  ['sparsegpt', { method: 'sparsegpt' }],
  ['wanda-owl', { method: 'wanda', compensate: true, allocation: 'owl' }],
];

/** A stage of a run: when it began, counted from the process's first sign of life, and how long it took. */
interface StageSpan {
  readonly stage: string;
  readonly ms: number;
}

/** Before the first stage: the model and the texts are read, the run's folder is made. */
const BEGINNING = 'beginning';

interface Ending {
  readonly stages: readonly StageSpan[];
  readonly signal: NodeJS.Signals | null;
  readonly exitCode: number | null;
  /** What it wrote to standard error. */
  readonly errors: string;
}

/** When a process is to be killed: so long after a stage began. */
interface Moment {
  readonly stage: string;
  readonly afterMs: number;
}

/** Prunes in a process of its own, which is killed at the moment given, if it comes to it. */
async function pruneInProcess(wanted: PruneRequest, moment: Moment | null): Promise<Ending> {
  const program = join(import.meta.dirname, 'pruning-process.ts');
  const child = fork(program, [JSON.stringify(wanted)], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let errors = '';
  child.stderr?.on('data', (text) => {
    errors += text;
  });
  const begun: { stage: string; atMs: number }[] = [];
  child.on('message', (message) => {
    const stage = message === 'started' ? BEGINNING : String(message);
    if (begun.some((known) => known.stage === stage)) return;
    begun.push({ stage, atMs: performance.now() });
    if (moment?.stage === stage) setTimeout(moment.afterMs).then(() => child.kill('SIGKILL'));
  });
  const [exitCode, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  const endMs = performance.now();
  const stages = begun.map(({ stage, atMs }, i) => ({ stage, ms: (begun[i + 1]?.atMs ?? endMs) - atMs }));
  return { stages, signal, exitCode, errors };
}

/**
 * Kills the run, and then now and again those that resume it: in each stage as often as in any other, at any moment of it.
 * @returns the stages in which it was killed
 */
async function killAndResume(
  wanted: PruneRequest,
  whole: readonly StageSpan[],
  uniform: () => number,
): Promise<string[]> {
  const killedIn: string[] = [];
  for (let attempt = 0; ; attempt++) {
    const isLast = attempt > 0 && uniform() < 0.6;
    const { stage, ms } = whole[Math.floor(whole.length * uniform())];
    const ending = await pruneInProcess(
      { ...wanted, resume: attempt > 0 },
      isLast ? null : { stage, afterMs: uniform() * ms },
    );
    if (ending.signal !== 'SIGKILL') {
      expect(ending.exitCode, `after kills in ${killedIn.join(', ')}: ${ending.errors}`).toBe(0);
      return killedIn;
    }
    killedIn.push(ending.stages.at(-1)?.stage ?? BEGINNING);
    if (existsSync(wanted.outDir)) return killedIn; // killed between its last step and its end: nothing is left to do
  }
}

describe('a run killed (SIGKILL) at a random moment, and resumed', () => {
  const uniform = seededUniform(SEED);
  const killedIn = new Map<string, number>();

  it.each(RUNS)(
    'ends in the same bytes: %s',
    async (name, settings) => {
      const whole = request(`${name}-whole`, settings);
      const { stages: spans, exitCode, errors } = await pruneInProcess(whole, null);
      expect(exitCode, errors).toBe(0);
      const expected = outcomeOf(whole);
      const place = RUNS.findIndex(([other]) => other === name);
      const share = Math.floor((CRASH_POINTS + place) / RUNS.length);
      for (let kills = 0, round = 0; kills < share; round++) {
        const wanted = request(`${name}-${round}`, settings);
        const stages = await killAndResume(wanted, spans, uniform);
        kills += stages.length;
        for (const stage of stages) killedIn.set(stage, (killedIn.get(stage) ?? 0) + 1);
        const where = `round ${round}, killed in ${stages.join(', ')}`;
        expect(outcomeOf(wanted), where).toEqual(expected);
        expect(
          readdirSync(folder).filter((entry) => entry.includes('.partial')),
          where,
        ).toEqual([]);
        await rm(wanted.outDir, { recursive: true });
        await rm(wanted.runDir, { recursive: true });
      }
    },
    60_000 + 20_000 * CRASH_POINTS,
  );

  it('has been killed as often as was asked for', () => {
    const total = [...killedIn.values()].reduce((sum, count) => sum + count, 0);
    if (CRASH_POINTS > RUNS.length + 1) console.log(`${total} kills by stage:`, Object.fromEntries(killedIn));
    expect(total).toBeGreaterThanOrEqual(CRASH_POINTS);
  });
});
