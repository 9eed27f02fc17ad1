import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { copyFile, cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { PruneSettings } from '../../src/contract/settings.ts';
import { openCheckpoint } from '../../src/engine/checkpoint/open-checkpoint.ts';
import { prune } from '../../src/engine/prune-run.ts';
import { memory } from '../../src/engine/tensor/ops.ts';
import { refusal } from './checkpoint/refusal.ts';
import { temporaryFolder } from './checkpoint/temporary-folder.ts';
import { writeTinyCheckpoint } from './checkpoint/tiny-checkpoint.ts';
import { expectClose, relativeError } from './closeness.ts';
import { casesOn, describeOnEachBackend, isSoftware } from './each-backend.ts';
import { expectSameMask } from './mask-agreement.ts';
import { openFixture } from './oracle-fixture.ts';
import { hashesIn, TOY, TOY_WEIGHTS, toyRequests, zerosOf } from './toy-run.ts';

const folder = temporaryFolder();
const request = toyRequests(folder);
const fixture = await openFixture('toy-llama');
afterAll(() => fixture.close());
const silent = () => {};

const paper = (aggregation: PruneSettings['aggregation'], more: Partial<PruneSettings>) =>
  ({ criterion: 'paper', aggregation, ...more }) as const;
interface Criterion {
  readonly name: string;
  readonly settings: Partial<PruneSettings>;
}
const dual: Criterion = { name: 'dual', settings: { criterion: 'dual' } };
const others: Criterion[] = [
  { name: 'general', settings: { criterion: 'general' } },
  { name: 'domain', settings: { criterion: 'domain' } },
  { name: 'balanced', settings: { criterion: 'balanced', selection: 'single' } },
  { name: 'dual.blocked', settings: { criterion: 'dual', blocking: 'iterative', blockSize: 16 } },
  { name: 'paper.per-sample.printed', settings: paper('per-sample', { lambda: 0.1, alpha: 0.03 }) },
  { name: 'paper.per-sample.rho', settings: paper('per-sample', { rho: 1 }) },
  {
    name: 'paper.per-sample.rho.blocked',
    settings: paper('per-sample', { rho: 1, blocking: 'iterative', blockSize: 16 }),
  },
  { name: 'paper.per-sample.none', settings: paper('per-sample', { regularizer: false }) },
  { name: 'paper.mean-gradient.printed', settings: paper('mean-gradient', { lambda: 0.1, alpha: 0.03 }) },
  { name: 'paper.mean-gradient.rho', settings: paper('mean-gradient', { rho: 1 }) },
  { name: 'paper.mean-gradient.none', settings: paper('mean-gradient', { regularizer: false }) },
];

/** Nats. Scores are 16-bit codes of logarithms: a matrix spans some 20 nats, so a step is 0.0003. */
const RESOLUTION = 1e-3;

describeOnEachBackend('prune', (backend) => {
  it.each(casesOn(backend, [dual, ...others]))(
    '$name: the masks are PyTorch’s but for ties',
    async ({ name, settings }) => {
      const before = memory().numTensors;
      const wanted = request(`${backend}-${name}`, settings, { backend });
      const report = await prune(wanted, silent);
      expect(memory().numTensors).toBe(before);

      expect(report).toMatchObject({
        outDir: wanted.outDir,
        runDir: wanted.runDir,
        notes: expect.any(Array),
      });
      expect(report.backend.at(-1)).toMatchObject({ name: backend, usable: true });
      const score = name.replace('.blocked', '');
      const zeros = await zerosOf(wanted.outDir);
      for (const weight of TOY_WEIGHTS) {
        const final = await fixture.expected(`${weight}.final.${score}`);
        const logs = score === 'dual' || score === 'balanced' ? final : Float64Array.from(final, Math.log);
        const columns = weight.includes('down_proj') ? 88 : 32;
        const agreement = {
          columns,
          blockColumns: settings.blockSize ?? null,
          resolution: RESOLUTION,
        };
        const expected = await fixture.expected(`${weight}.mask.${name}`);
        expectSameMask(zeros.get(weight) as Uint8Array, expected, logs, agreement, weight);
      }
    },
  );

  it.skipIf(isSoftware(backend))(
    'the report says what the regulariser amounts to, and the loss',
    async () => {
      const { medianGeneralTimesFisher, strengths, rhoOfPrinted } = fixture.facts.regularizer;
      const meanLoss = fixture.facts.losses.reduce((total, loss) => total + loss, 0) / 5;
      const printed = await prune(
        request(`${backend}-a`, paper('per-sample', { lambda: 0.1, alpha: 0.03 }), { backend }),
        silent,
      );
      expectClose([printed.loss ?? 0], [meanLoss], 1e-5, 'loss');
      expectClose([printed.regularizer?.median ?? 0], [medianGeneralTimesFisher], 1e-4, 'median');
      expectClose([printed.regularizer?.strength ?? 0], [strengths.printed], 1e-9, 'printed strength');
      expectClose([printed.regularizer?.rho ?? 0], [rhoOfPrinted], 1e-4, 'ρ of the printed λ and α');
      expect(printed.stages.map(({ stage }) => stage)).toEqual(['general', 'forward', 'backward']);

      const relative = await prune(
        request(`${backend}-b`, paper('per-sample', { rho: 1 }), { backend }),
        silent,
      );
      expectClose([relative.regularizer?.strength ?? 0], [strengths.rho], 1e-4, 'strength of ρ = 1');
      expect(relative.regularizer?.rho).toBeCloseTo(1, 9);
      // Single weights change a sample's loss by more than 2 nats: the samples are taken a second time.
      expect(relative.stages.map(({ stage }) => stage).slice(3)).toEqual(['forward', 'backward']);
    },
  );

  it.skipIf(isSoftware(backend))('dumps what the scores were made of, as PyTorch has it', async () => {
    const dir = join(folder, `${backend}-dump`);
    const settings = paper('per-sample', { rho: 1 });
    await prune(request(`${backend}-dumped`, settings, { backend, dumpImportanceDir: dir }), silent);
    expect(readdirSync(dir)).toEqual(['layer-000.safetensors', 'layer-001.safetensors']);
    const dumped = await readTensors(dir);
    expect(dumped.size).toBe(5 * TOY_WEIGHTS.length);
    for (const weight of TOY_WEIGHTS) {
      for (const kind of ['general', 'gradient', 'gradient_abs', 'fisher', 'final']) {
        const { shape, values } = dumped.get(`${weight}.${kind}`) as {
          shape: number[];
          values: Float32Array;
        };
        expect(shape).toEqual(fixture.checkpoint.tensors.get(weight)?.shape);
        const name = kind === 'final' ? 'final.paper.per-sample.rho' : kind;
        const expected = await fixture.expected(`${weight}.${name}`);
        expectClose(values, expected, 1e-4, `${weight}.${kind}`);
      }
    }
  });
});

async function readTensors(dir: string) {
  const { readLayerShard } = await import('../../src/engine/importance/layer-shard.ts');
  const shards = await Promise.all(readdirSync(dir).map((file) => readLayerShard(join(dir, file))));
  return new Map(shards.flatMap((shard) => [...shard.tensors])) as Map<
    string,
    { shape: number[]; values: Float32Array }
  >;
}

describe('the dump', () => {
  it.each([
    ['dual', (final: number) => Math.exp(final)],
    ['balanced', (final: number) => Math.exp(final)],
    ['general', (final: number) => final],
    ['domain', (final: number) => final],
    ['paper', (final: number) => final],
  ] as const)('has everything, whatever the criterion needs: %s', async (criterion, toImportance) => {
    const dir = join(folder, `dump-${criterion}`);
    const settings = criterion === 'paper' ? paper('mean-gradient', { regularizer: false }) : { criterion };
    await prune(request(`dumped-${criterion}`, settings, { dumpImportanceDir: dir }), silent);
    const dumped = await readTensors(dir);
    const name = criterion === 'paper' ? 'paper.mean-gradient.none' : criterion;
    for (const weight of TOY_WEIGHTS) {
      const expected = (await fixture.expected(`${weight}.final.${name}`)).map(toImportance);
      expectClose(dumped.get(`${weight}.final`)?.values ?? [], expected, 1e-4, weight);
      const gradient = await fixture.expected(`${weight}.gradient`);
      expectClose(dumped.get(`${weight}.gradient`)?.values ?? [], gradient, 1e-4, weight);
      if (criterion !== 'balanced') continue;
      for (const [kind, from] of [
        ['general', 'general_mixed'],
        ['fisher_open', 'fisher_open'],
      ]) {
        const values = dumped.get(`${weight}.${kind}`)?.values ?? [];
        expectClose(values, await fixture.expected(`${weight}.${from}`), 1e-4, `${weight}.${kind}`);
      }
    }
  });

  it('leaves no float32 scores in the run folder', async () => {
    expect(readdirSync(join(folder, 'dumped-dual-run', 'scores')).sort()).toEqual(['domain', 'general']);
    const balanced = readdirSync(join(folder, 'dumped-balanced-run', 'scores')).sort();
    expect(balanced).toEqual(['domain', 'mixed', 'open']);
  });
});

describe('the pruned model', () => {
  it('has exactly the wanted zeros in each matrix, and every other weight as it was', async () => {
    const wanted = request('exact', { sparsity: 0.3 });
    const report = await prune(wanted, silent);
    const pruned = await openCheckpoint(wanted.outDir);
    for (const name of fixture.checkpoint.tensors.keys()) {
      const [before, after] = [await fixture.checkpoint.readFloat32(name), await pruned.readFloat32(name)];
      const changed = [...after.keys()].filter((i) => after[i] !== before[i]);
      const size = after.length;
      const isPruned = TOY_WEIGHTS.includes(name);
      expect(changed, name).toHaveLength(isPruned ? Math.floor(0.3 * size) : 0);
      expect(
        changed.every((i) => Object.is(after[i], 0)),
        name,
      ).toBe(true);
      if (isPruned) {
        expect(report.export.matrices[name]).toMatchObject({ size, zeros: Math.floor(0.3 * size) });
      }
    }
    await pruned.close();
    expect(Object.keys(report.export.matrices)).toEqual(TOY_WEIGHTS);
  });

  it('says in dpruner.json what it was made by', async () => {
    const { outDir } = request('exact');
    const record = JSON.parse(readFileSync(join(outDir, 'dpruner.json'), 'utf8'));
    expect(record).toMatchObject({
      method: 'd-pruner',
      settings: { criterion: 'dual', sparsity: 0.3 },
      modelFingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
      domainTokens: { samples: 5, tokens: 85, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      openTokens: { samples: 6, tokens: 144 },
    });
  });

  it('with iterative blocking has the wanted zeros in each block of 128 columns', async () => {
    const { dir } = await writeTinyCheckpoint(join(folder, 'wide'), {
      config: { hidden_size: 16, intermediate_size: 200, vocab_size: 96 },
    });
    const wanted = request('blocked', { blocking: 'iterative' }, { modelDir: dir });
    await prune(wanted, silent);
    const pruned = await openCheckpoint(wanted.outDir);
    const down = await pruned.readFloat32('model.layers.1.mlp.down_proj.weight'); // [16, 200]
    await pruned.close();
    const zeros = (from: number, to: number) =>
      down.filter((value, i) => i % 200 >= from && i % 200 < to && value === 0).length;
    expect([zeros(0, 128), zeros(128, 200)]).toEqual([16 * 64, 16 * 36]);
  });

  it('by magnitude loses its smallest weights and needs neither calibration nor a run folder', async () => {
    const wanted = request(
      'magnitude',
      { method: 'magnitude' },
      {
        calibration: { kind: 'tokens', domainFile: null, openFile: null },
      },
    );
    const report = await prune(wanted, silent);
    expect(report).toMatchObject({ runDir: null, loss: null });
    expect(existsSync(wanted.runDir)).toBe(false);
    const zeros = await zerosOf(wanted.outDir);
    for (const name of TOY_WEIGHTS) {
      const values = await fixture.checkpoint.readFloat32(name);
      const sorted = values.map(Math.abs).sort();
      const threshold = sorted[values.length / 2 - 1];
      const expected = Uint8Array.from(values, (value) => Number(Math.abs(value) <= threshold));
      expect(zeros.get(name), name).toEqual(expected);
    }
  });

  it('differs with μ, from the general mask to the domain’s', async () => {
    const zerosAt = async (mu: number) => {
      const wanted = request(`mu-${mu}`, { mu });
      await prune(wanted, silent);
      return zerosOf(wanted.outDir);
    };
    const [general, domain] = [await zerosAt(0), await zerosAt(1)];
    expect(hashesIn(request('mu-0').outDir, '*.safetensors')).not.toEqual(
      hashesIn(request('mu-1').outDir, '*.safetensors'),
    );
    const weight = TOY_WEIGHTS[5];
    const tie = (name: string) => fixture.expected(`${weight}.mask.${name}`);
    expect(relativeError(general.get(weight) as Uint8Array, await tie('general'))).toBe(0);
    expect(relativeError(domain.get(weight) as Uint8Array, await tie('domain'))).toBe(0);
  });
});

describe('what prune reports while it works', () => {
  it('goes through its stages, layer by layer, and ends with nothing left to do', async () => {
    const seen: string[] = [];
    const report = await prune(request('progress'), ({ stage, done, total }) => {
      if (stage === 'export' || stage === 'verify') return;
      expect(total).toBe(2);
      seen.push(`${stage} ${done}`);
    });
    expect(seen).toEqual(
      ['general', 'forward', 'backward'].flatMap((stage) => [0, 1, 2].map((done) => `${stage} ${done}`)),
    );
    expect(report.stages.map(({ stage }) => stage)).toEqual(['general', 'forward', 'backward']);
    expect(report.peakMemoryBytes).toBeGreaterThan(1e7);
  });

  it('tells of dead columns and raised damping', async () => {
    const report = await prune(request('notes', { criterion: 'general', damping: 1e-18 }), silent);
    expect(report.notes).toContainEqual(
      expect.stringMatching(/layer 1, attentionInput: 1 input columns are zero .* \(5\)/),
    );
  });
});

describe('prune refuses', () => {
  /** The toy with one value of one of its weights replaced. */
  const spoilt = async (name: string, value: number) => {
    const { dir } = await writeTinyCheckpoint(join(folder, name), {
      config: { vocab_size: 96 },
      edit: (tensors) => {
        const tensor = tensors.get('model.layers.1.mlp.up_proj.weight');
        if (tensor) tensor.values[7] = value;
      },
    });
    return dir;
  };

  it.each([
    ['nan', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
  ])('weights that are %s, naming the tensor, and leaves no output', async (name, value) => {
    for (const settings of [{}, { method: 'magnitude' as const }]) {
      const wanted = request(`${name}-out-${settings.method ?? ''}`, settings, {
        modelDir: await spoilt(name, value),
      });
      expect(await refusal(prune(wanted, silent))).toMatchObject({
        code: 'CHECKPOINT_NOT_FINITE',
        message: expect.stringContaining('model.layers.1.mlp.up_proj.weight'),
      });
      expect(existsSync(wanted.outDir)).toBe(false);
    }
  });

  it.each([
    ['forward', { criterion: 'domain' }, 'LOSS_NOT_FINITE'],
    ['Hessian', { criterion: 'general' }, 'HESSIAN_SINGULAR'],
  ] as const)('a model whose finite weights overflow (%s)', async (name, settings, code) => {
    const { dir } = await writeTinyCheckpoint(join(folder, `overflow-${name}`), {
      config: { vocab_size: 96 },
      edit: (tensors) => tensors.get('model.layers.0.mlp.up_proj.weight')?.values.fill(3e38),
    });
    const wanted = request(`overflow-out-${name}`, settings, { modelDir: dir });
    expect(await refusal(prune(wanted, silent))).toMatchObject({ code });
    expect(existsSync(wanted.outDir)).toBe(false);
  });

  it.each([
    ['dual', 'domainFile', '--tokens'],
    ['dual', 'openFile', '--open-tokens'],
    ['general', 'openFile', '--open-tokens'],
    ['domain', 'domainFile', '--tokens'],
    ['paper', 'openFile', '--open-tokens'],
  ] as const)('%s without the calibration that it needs (%s)', async (criterion, file, option) => {
    const whole = request('missing', { criterion });
    const calibration = { ...whole.calibration, [file]: null } as typeof whole.calibration;
    expect(await refusal(prune({ ...whole, calibration }, silent))).toMatchObject({
      code: 'CALIBRATION_MISSING',
      message: expect.stringContaining(option),
    });
  });

  it('nothing where a part is not needed', async () => {
    const { calibration } = request('');
    const general = request(
      'only-open',
      { criterion: 'general' },
      {
        calibration: { ...calibration, domainFile: null } as typeof calibration,
      },
    );
    const domain = request(
      'only-domain',
      { criterion: 'domain' },
      {
        calibration: { ...calibration, openFile: null } as typeof calibration,
      },
    );
    expect((await prune(general, silent)).loss).toBeNull();
    expect((await prune(domain, silent)).loss).toBeGreaterThan(4);
    const dumped = {
      ...general,
      outDir: join(folder, 'x'),
      runDir: join(folder, 'y'),
      dumpImportanceDir: folder,
    };
    expect(await refusal(prune(dumped, silent))).toMatchObject({ code: 'CALIBRATION_MISSING' });
  });

  it('token ids that the model does not know, naming file and line', async () => {
    const file = join(folder, 'foreign.jsonl');
    await writeFile(file, '{"input_ids":[1,2]}\n{"input_ids":[1,96]}\n');
    const whole = request('foreign');
    const calibration = { ...whole.calibration, domainFile: file } as typeof whole.calibration;
    const error = await refusal(prune({ ...whole, calibration }, silent));
    expect(error).toMatchObject({
      code: 'TOKENS_INVALID',
      message: expect.stringContaining(`${file}, line 2`),
    });
  });

  it('an output that exists, before it computes anything, and leaves it as it is', async () => {
    const wanted = request('taken');
    await mkdir(wanted.outDir);
    await writeFile(join(wanted.outDir, 'thesis.txt'), 'mine');
    const seen: string[] = [];
    const error = await refusal(prune(wanted, ({ stage }) => seen.push(stage)));
    expect(error).toMatchObject({ code: 'OUTPUT_EXISTS', message: expect.stringContaining(wanted.outDir) });
    expect(seen).toEqual([]);
    expect(readFileSync(join(wanted.outDir, 'thesis.txt'), 'utf8')).toBe('mine');
    expect(existsSync(wanted.runDir)).toBe(false);
  });

  it('a model with a link out of its folder, before it computes anything', async () => {
    const modelDir = join(folder, 'linked');
    await cp(TOY, modelDir, { recursive: true });
    await symlink(join(folder, 'elsewhere'), join(modelDir, 'notes.txt'));
    const seen: string[] = [];
    const wanted = request('from-linked', {}, { modelDir });
    const error = await refusal(prune(wanted, ({ stage }) => seen.push(stage)));
    expect(error).toMatchObject({
      code: 'EXPORT_LINK_OUTSIDE',
      message: expect.stringContaining('notes.txt'),
    });
    expect(seen).toEqual([]);
    expect(existsSync(wanted.runDir)).toBe(false);
  });

  it('a folder without a model', async () => {
    const empty = join(folder, 'empty');
    await mkdir(empty);
    await copyFile(join(TOY, 'config.json'), join(empty, 'config.json'));
    expect(await refusal(prune(request('no-model', {}, { modelDir: empty }), silent))).toMatchObject({
      code: expect.stringMatching(/^CHECKPOINT/),
    });
  });
});
