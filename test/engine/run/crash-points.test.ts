import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
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

/** How many moments are tried; `npm test` tries a few, DPRUNER_CRASH_POINTS=50 as many as one likes. */
const CRASH_POINTS = Number(process.env.DPRUNER_CRASH_POINTS ?? 6);
const SEED = Number(process.env.DPRUNER_CRASH_SEED ?? 1);

const folder = temporaryFolder();
const modelDir = join(FIXTURES, 'toy-llama3-rope');
const calibration = { kind: 'tokens' as const, domainFile: writeSamples(5), openFile: writeSamples(6) };
const plain = toyRequests(folder);
const request = (name: string, settings: Partial<PruneSettings>): PruneRequest =>
  plain(name, settings, { modelDir, calibration, backend: usableBackends[0] });

function writeSamples(count: number): string {
  const path = join(folder, `${count}.jsonl`);
  const uniform = seededUniform(count);
  const sample = () => Array.from({ length: 1000 }, () => Math.floor(96 * uniform()));
  const lines = Array.from({ length: count }, () => `${JSON.stringify({ input_ids: sample() })}\n`);
  writeFileSync(path, lines.join(''));
  return path;
}

/** Runs that go through every stage there is. */
const RUNS: readonly (readonly [name: string, Partial<PruneSettings>])[] = [
  ['dual', {}],
  ['balanced-compensated', { criterion: 'balanced', compensate: true, allocation: 'owl' }],
  ['paper', { criterion: 'paper', rho: 1 }],
  ['sparsegpt', { method: 'sparsegpt' }],
  ['wanda-owl', { method: 'wanda', compensate: true, allocation: 'owl' }],
];

interface Ending {
  /** The last stage that the process told of; null if none. */
  readonly stage: string | null;
  readonly signal: NodeJS.Signals | null;
  readonly exitCode: number | null;
  /** What it wrote to standard error. */
  readonly errors: string;
  /** From its first sign of life to its end. */
  readonly elapsedMs: number;
}

/** Prunes in a process of its own, which is killed so long after it began to work. */
async function pruneInProcess(wanted: PruneRequest, killAfterMs: number | null): Promise<Ending> {
  const program = join(import.meta.dirname, 'pruning-process.ts');
  const child = fork(program, [JSON.stringify(wanted)], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let errors = '';
  child.stderr?.on('data', (text) => {
    errors += text;
  });
  const exit = once(child, 'close');
  let stage: string | null = null;
  child.on('message', (message) => {
    if (message !== 'started') stage = String(message);
  });
  await once(child, 'message');
  const startedAtMs = performance.now();
  if (killAfterMs !== null) {
    const kill = setTimeout(killAfterMs).then(() => child.kill('SIGKILL'));
    await Promise.race([exit, kill]);
  }
  const [exitCode, signal] = (await exit) as [number | null, NodeJS.Signals | null];
  return { stage, signal, exitCode, errors, elapsedMs: performance.now() - startedAtMs };
}

/** Kills the run, and then now and again those that resume it, at moments spread evenly over its time. */
async function killAndResume(
  wanted: PruneRequest,
  wholeMs: number,
  uniform: () => number,
): Promise<(string | null)[]> {
  const stages: (string | null)[] = [];
  for (let attempt = 0; ; attempt++) {
    const isLast = attempt > 0 && uniform() < 0.6;
    const ending = await pruneInProcess(
      { ...wanted, resume: attempt > 0 },
      isLast ? null : uniform() * wholeMs,
    );
    if (ending.signal !== 'SIGKILL') {
      expect(ending.exitCode, `after kills in ${stages.join(', ')}: ${ending.errors}`).toBe(0);
      return stages;
    }
    stages.push(ending.stage);
    if (existsSync(wanted.outDir)) return stages; // killed between its last step and its end: nothing is left to do
  }
}

describe('a run killed (SIGKILL) at a random moment, and resumed', () => {
  const uniform = seededUniform(SEED);
  const killedIn = new Map<string, number>();

  it.each(RUNS)(
    'ends in the same bytes: %s',
    async (name, settings) => {
      const whole = request(`${name}-whole`, settings);
      const { elapsedMs, exitCode, errors } = await pruneInProcess(whole, null);
      expect(exitCode, errors).toBe(0);
      const expected = outcomeOf(whole);
      const place = RUNS.findIndex(([other]) => other === name);
      const share = Math.floor((CRASH_POINTS + place) / RUNS.length);
      for (let kills = 0, round = 0; kills < share; round++) {
        const wanted = request(`${name}-${round}`, settings);
        const stages = await killAndResume(wanted, elapsedMs, uniform);
        kills += stages.length;
        for (const stage of stages) {
          const at = stage ?? 'before the first stage';
          killedIn.set(at, (killedIn.get(at) ?? 0) + 1);
        }
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
