import { existsSync } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Checkpoint } from '../../../src/engine/checkpoint/checkpoint.ts';
import { openCheckpoint } from '../../../src/engine/checkpoint/open-checkpoint.ts';
import { linearWeight } from '../../../src/engine/checkpoint/weight-names.ts';
import { domainPass } from '../../../src/engine/importance/domain-pass.ts';
import { packSamples } from '../../../src/engine/model/segments.ts';
import {
  ActivationStore,
  type ActivationStoreOptions,
} from '../../../src/engine/streaming/activation-store.ts';
import { ProgressMeter } from '../../../src/engine/streaming/progress-meter.ts';
import type { OpenScratch } from '../../../src/engine/streaming/scratch-file.ts';
import { openTokenStream } from '../../../src/engine/streaming/token-stream.ts';
import { openBackend } from '../../../src/engine/tensor/backend.ts';
import { mountSmallDisk } from '../checkpoint/full-disk.ts';
import { refusal } from '../checkpoint/refusal.ts';
import { temporaryFolder } from '../checkpoint/temporary-folder.ts';
import { writeTinyCheckpoint } from '../checkpoint/tiny-checkpoint.ts';
import { usableBackends } from '../each-backend.ts';
import { tinyConfig } from '../model/tiny-config.ts';
import { seededUniform } from '../random-values.ts';

const folder = temporaryFolder();
const LAYERS = 7;
const config = tinyConfig({ numHiddenLayers: LAYERS });
const uniform = seededUniform(3);
const samples = Array.from({ length: 6 }, () =>
  Int32Array.from({ length: 20 }, () => Math.floor(config.vocabSize * uniform())),
);
/** Bytes of one boundary of all samples in float32. */
const BOUNDARY_BYTES = 6 * 20 * config.hiddenSize * 4;
const IN_MEMORY = { memoryBytes: Infinity, format: 'float32' } as const;
const ON_DISK = { memoryBytes: 0, format: 'float32' } as const;

let checkpoint: Checkpoint;
beforeAll(async () => {
  await openBackend(usableBackends[0]);
  const { dir } = await writeTinyCheckpoint(join(folder, 'model'), { config: { num_hidden_layers: LAYERS } });
  checkpoint = await openCheckpoint(dir);
});
afterAll(() => checkpoint.close());

/** The Fisher of every weight, and the loss. */
async function fisherOf(name: string, options: ActivationStoreOptions, keepEvery = 1, lowest = 0) {
  const store = new ActivationStore(join(folder, name), options);
  const stream = await openTokenStream(
    checkpoint,
    packSamples(samples, 40),
    store,
    new ProgressMeter([], () => {}),
  );
  const fisher = new Map<string, Float32Array>();
  let loss = Number.NaN;
  const layers = domainPass(stream, {
    text: 'domain',
    statistics: ['fisher'],
    keepEvery,
    isFinished: (layer) => layer < lowest,
    onLoss: (value) => {
      loss = value;
    },
  });
  for await (const { layer, statistics } of layers) {
    for (const [linear, means] of statistics)
      fisher.set(linearWeight(checkpoint.config, layer, linear), means.fisher as Float32Array);
  }
  return { fisher, loss };
}

describe('a backward pass over spilled activations', () => {
  it.each([2, 3, 6, 7])('computes the same bits when every %i-th boundary is kept', async (keepEvery) => {
    const whole = await fisherOf('whole', IN_MEMORY);
    expect(whole.fisher.size).toBe(7 * LAYERS);
    expect(await fisherOf('thin', IN_MEMORY, keepEvery)).toEqual(whole);
    expect(await fisherOf('thin-on-disk', ON_DISK, keepEvery)).toEqual(whole);
    const rest = await fisherOf('rest', IN_MEMORY, keepEvery, 4);
    expect(rest.fisher.size).toBe(7 * (LAYERS - 4));
    for (const [name, values] of rest.fisher) expect(values).toEqual(whole.fisher.get(name));
  });

  it('computes the same bits wherever bfloat16 activations lie, and nearly those of float32', async () => {
    const inMemory = await fisherOf('half', { memoryBytes: Infinity, format: 'bfloat16' });
    expect(await fisherOf('half-on-disk', { memoryBytes: 0, format: 'bfloat16' }, 3)).toEqual(inMemory);
    const exact = await fisherOf('exact', IN_MEMORY);
    expect(Math.abs(inMemory.loss / exact.loss - 1)).toBeLessThan(1e-3);
  });

  it('waits for a slow disk, with never more than one write and two reads under way', async () => {
    const whole = await fisherOf('fast', IN_MEMORY);
    const underWay = { reads: 0, writes: 0 };
    const most = { reads: 0, writes: 0 };
    const slowly = async <T>(kind: 'reads' | 'writes', work: () => Promise<T>): Promise<T> => {
      most[kind] = Math.max(most[kind], ++underWay[kind]);
      await setTimeout(5);
      const result = await work();
      underWay[kind]--;
      return result;
    };
    const openFile: OpenScratch = async (path) => {
      const file = await open(path, 'w+', 0o600);
      const handle = {
        read: (...args: Parameters<typeof file.read>) => slowly('reads', () => file.read(...args)),
        write: (...args: Parameters<typeof file.write>) => slowly('writes', () => file.write(...args)),
        close: () => file.close(),
      };
      return handle as Awaited<ReturnType<OpenScratch>>;
    };
    expect(await fisherOf('slow', { ...ON_DISK, openFile }, 3)).toEqual(whole);
    expect(most.writes).toBe(1);
    expect(most.reads).toBe(2);
  });

  const disk = mountSmallDisk(join(folder, 'disk'), Math.ceil((6.5 * BOUNDARY_BYTES) / 1024));
  it.skipIf(!disk)(
    'says so when the disk is full, leaves nothing there, and fits with fewer boundaries (needs the right to mount)',
    async () => {
      await mkdir(join(disk as string, 'run'));
      const error = await refusal(fisherOf('disk/run/scratch', ON_DISK));
      expect(error).toMatchObject({ code: 'DISK_FULL', message: expect.stringContaining('scratch') });
      expect(existsSync(join(disk as string, 'run/scratch'))).toBe(false);
      const { fisher } = await fisherOf('disk/run/scratch', ON_DISK, 3);
      expect(fisher).toEqual((await fisherOf('whole', IN_MEMORY)).fisher);
    },
  );
});
