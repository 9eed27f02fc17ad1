import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pruneSettings } from '../../../src/contract/settings.ts';
import { openCheckpoint } from '../../../src/engine/checkpoint/open-checkpoint.ts';
import { sequenceLogits } from '../../../src/engine/evaluation/logits.ts';
import { readLayerShard } from '../../../src/engine/importance/layer-shard.ts';
import { prune } from '../../../src/engine/prune-run.ts';
import { remask } from '../../../src/engine/remask.ts';
import { openBackend } from '../../../src/engine/tensor/backend.ts';
import { temporaryFolder } from '../checkpoint/temporary-folder.ts';
import { expectClose } from '../closeness.ts';
import { usableBackends } from '../each-backend.ts';
import { expectSameMask } from '../mask-agreement.ts';
import { type OracleFixture, openFixture } from '../oracle-fixture.ts';
import { oraclePython } from '../oracle-python.ts';
import { beyondClosedForm, checkHessians, TOLERANCE } from './oracle-checks.ts';

const root = join(import.meta.dirname, '../../..');
const maker = join(root, '../shared/tools/make-smollm2.py');
/** A folder that smollm2_layers.py has made already, to save its minutes. */
const ready = process.env.DPRUNER_SMOLLM2_LAYERS;
const canMake = oraclePython !== null && existsSync(maker);
const reason =
  ready || canMake ? '' : ' (skipped: needs ../shared/tools/make-smollm2.py and DPRUNER_ORACLE_PYTHON)';
const folder = temporaryFolder();

function fixtureFolder(): string {
  if (ready) return ready;
  const [made, out] = [join(folder, 'smollm2'), join(folder, 'layers')];
  const python = oraclePython as string;
  const source = process.env.DPRUNER_ORACLE_MODEL ?? made;
  if (source === made) execFileSync(python, [maker, source], { stdio: 'inherit' });
  execFileSync(python, [join(root, 'test/oracle/smollm2_layers.py'), source, out], { stdio: 'inherit' });
  return out;
}

describe.skipIf(reason !== '')(`two layers of SmolLM2-135M against PyTorch${reason}`, () => {
  let fixture: OracleFixture;
  beforeAll(async () => {
    fixture = await openFixture(fixtureFolder());
  }, 600_000);
  afterAll(() => fixture?.close());

  for (const backend of ['tensorflow', 'wasm', 'cpu'] as const) {
    const slow = backend === 'cpu' ? ': too slow for layers of this size' : '';
    const missing = usableBackends.includes(backend) ? '' : ': does not load here';
    const skipped = slow || missing;
    describe.skipIf(skipped)(`${backend}${skipped && ` (skipped${skipped})`}`, { timeout: 300_000 }, () => {
      beforeAll(async () => void (await openBackend(backend)));

      const scored = join(folder, backend);

      it('logits', async () => {
        for (const [j, sample] of fixture.domain.entries()) {
          const logits = await sequenceLogits(fixture.checkpoint, sample);
          expectClose(logits, await fixture.expected(`sample.${j}.logits`), 1e-5, `sample ${j}`);
        }
      });

      it('H and the diagonal of its inverse', () => checkHessians(fixture, 1024));

      it('loss, G, mean g, mean |g|, mean g², S and masks of the paper’s criterion', async () => {
        const { loss } = await prune(
          {
            modelDir: fixture.checkpoint.dir,
            outDir: join(scored, 'paper.per-sample.printed'),
            runDir: join(scored, 'run'),
            settings: pruneSettings.parse({ criterion: 'paper', lambda: 0.1, alpha: 0.03 }),
            calibration: { kind: 'tokens', domainFile: tokenFile('domain'), openFile: tokenFile('open') },
            backend,
            resume: false,
            force: false,
            dumpImportanceDir: join(scored, 'dump'),
          },
          () => {},
        );
        const { losses } = fixture.facts;
        expectClose([loss ?? 0], [losses.reduce((sum, each) => sum + each, 0) / losses.length], 1e-5, 'loss');
        await checkDump(fixture, join(scored, 'dump'));
        await checkMasks(fixture, join(scored, 'paper.per-sample.printed'));
      });

      it.each([
        ['dual', { criterion: 'dual' }],
        ['dual.blocked', { criterion: 'dual', blocking: 'iterative' }],
      ] as const)('masks: %s', async (name, changes) => {
        const outDir = join(scored, name);
        await remask({ runDir: join(scored, 'run'), outDir, changes, force: false }, () => {});
        await checkMasks(fixture, outDir);
      });
    });
  }

  function tokenFile(part: 'domain' | 'open'): string {
    const path = join(folder, `${part}.jsonl`);
    const lines = fixture[part].map((ids) => `${JSON.stringify({ input_ids: [...ids] })}\n`);
    writeFileSync(path, lines.join(''));
    return path;
  }
});

/** Every tensor of the dump against PyTorch's, S of the printed formula among them. */
async function checkDump(fixture: OracleFixture, dir: string): Promise<void> {
  let checked = 0;
  for (const file of readdirSync(dir)) {
    const { tensors } = await readLayerShard(join(dir, file));
    for (const [name, { values }] of tensors) {
      const isFinal = name.endsWith('.final');
      const expected = await fixture.expected(isFinal ? `${name}.paper.per-sample.printed` : name);
      if (isFinal) {
        const beyond = await beyondClosedForm(fixture, name.replace(/\.final$/, ''), 'printed');
        expect(beyond.length, name).toBeLessThan(10); // of up to 884,736
        for (const m of beyond) expected[m] = values[m];
      }
      expectClose(values, expected, TOLERANCE, name);
      checked++;
    }
  }
  expect(checked).toBe(2 * 7 * 5);
}

/** Nats: three steps of the 16-bit codes of a matrix that spans 25 nats. */
const RESOLUTION = 1.2e-3;

async function checkMasks(fixture: OracleFixture, outDir: string): Promise<void> {
  const name = basename(outDir);
  const pruned = await openCheckpoint(outDir);
  const score = name.replace('.blocked', '');
  const masks = fixture.names.filter((tensor) => tensor.endsWith(`.mask.${name}`));
  expect(masks).toHaveLength(14);
  for (const mask of masks) {
    const weight = mask.slice(0, -`.mask.${name}`.length);
    const final = await fixture.expected(`${weight}.final.${score}`);
    const zeros = Uint8Array.from(await pruned.readFloat32(weight), (value) => Number(value === 0));
    expectSameMask(
      zeros,
      await fixture.expected(mask),
      score === 'dual' ? final : final.map(Math.log),
      {
        columns: pruned.tensors.get(weight)?.shape[1] ?? 0,
        blockColumns: name.endsWith('.blocked') ? fixture.facts.parameters.blockSize : null,
        resolution: RESOLUTION,
      },
      weight,
    );
  }
  await pruned.close();
}
