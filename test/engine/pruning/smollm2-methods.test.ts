import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PruneSettings, pruneSettings } from '../../../src/contract/settings.ts';
import type { Checkpoint } from '../../../src/engine/checkpoint/checkpoint.ts';
import { openCheckpoint } from '../../../src/engine/checkpoint/open-checkpoint.ts';
import { readLayerShard } from '../../../src/engine/importance/layer-shard.ts';
import { prune } from '../../../src/engine/prune-run.ts';
import { prunedBy } from '../../../src/engine/pruning/mask.ts';
import type { PruningMethod } from '../../../src/engine/pruning/methods/pruning-method.ts';
import { sparsegpt } from '../../../src/engine/pruning/methods/sparsegpt.ts';
import { PATTERNS } from '../../../src/engine/pruning/n-m.ts';
import { openBackend } from '../../../src/engine/tensor/backend.ts';
import { temporaryFolder } from '../checkpoint/temporary-folder.ts';
import { relativeError } from '../closeness.ts';
import { oraclePython } from '../oracle-python.ts';
import { flippedRows, sameRowsApart, zerosOf } from './flips.ts';
import { compensationFor, pruneByMethod } from './prune-by-method.ts';

const root = join(import.meta.dirname, '../../..');
const model = process.env.DPRUNER_ORACLE_MODEL ?? '';
const text = join(root, '../shared/data/legal/multilegalpile.txt');
const ready =
  process.env.DPRUNER_SMOLLM2_METHODS !== undefined ||
  (oraclePython !== null && existsSync(join(model, 'config.json')) && existsSync(text));
const reason = ready
  ? ''
  : ' (skipped: needs ../shared/data, DPRUNER_ORACLE_PYTHON and DPRUNER_ORACLE_MODEL)';

/** Of the largest weight of a matrix. */
const TOLERANCE = 1e-3;
/** Nats within which two importances count as equal. */
const TIE = 3e-3;
/** A flip at a tie changes what comes after it in its row, and with it the inputs of all layers above. */
const FLIPPED_ROWS = 0.15;

const CASES = ['sparsegpt', 'sparsegpt.2:4'] as const;
type SparseGpt = (typeof CASES)[number];
/** In which parts of a matrix the weights are compared. */
const PARTS = {
  sparsegpt: { groupColumns: 128, byRow: false },
  'sparsegpt.2:4': { groupColumns: 4, byRow: true },
};
const isOfFirst = (weight: string) => weight.startsWith('model.layers.0.');

const folder = temporaryFolder();

/** Two layers of SmolLM2 and what PyTorch makes of them in float64; half a minute, unless they are there already. */
function fixtureFolder(): string {
  const made = process.env.DPRUNER_SMOLLM2_METHODS; // a folder that smollm2_methods.py has made
  if (made) return made;
  const out = join(folder, 'layers');
  const script = join(root, 'test/oracle/smollm2_methods.py');
  execFileSync(oraclePython as string, [script, model, text, out], { stdio: 'inherit' });
  return out;
}

describe.skipIf(!ready)(`pruning two layers of SmolLM2-135M on a legal text against PyTorch${reason}`, () => {
  let dir: string;
  let checkpoint: Checkpoint;
  let names: string[];
  beforeAll(async () => {
    dir = fixtureFolder();
    checkpoint = await openCheckpoint(dir);
    names = [...checkpoint.tensors.keys()].filter((name) => /layers\.\d+\.\w+\.\w+_proj\.weight$/.test(name));
    await openBackend(null);
  }, 300_000);
  afterAll(() => checkpoint?.close());

  async function expected<T>(weight: string, what: string): Promise<T> {
    const name = `${weight}.${what}`;
    const { tensors } = await readLayerShard(join(dir, 'methods.safetensors'), [name]);
    return tensors.get(name)?.values as T;
  }

  /** What the engine's method leaves of every weight, read back from the folder that it writes. */
  async function pruned(name: string, settings: Partial<PruneSettings>): Promise<Checkpoint> {
    const outDir = join(folder, name.replace(':', '-'));
    await prune(
      {
        ...{ modelDir: dir, outDir, runDir: `${outDir}-run` },
        settings: pruneSettings.parse({ calibrateOn: 'open', ...settings }),
        calibration: { kind: 'tokens', domainFile: null, openFile: join(dir, 'tokens.jsonl') },
        ...{ backend: null, resume: false, force: false, dumpImportanceDir: null },
      },
      () => {},
    );
    return openCheckpoint(outDir);
  }

  it.each(['magnitude', 'wanda'] as const)('%s: the same masks', { timeout: 300_000 }, async (method) => {
    const found = await pruned(method, { method });
    expect(names).toHaveLength(14);
    let differing = 0;
    for (const name of names) {
      const mask = await expected<Uint8Array>(name, `${method}.mask`);
      const zeros = zerosOf(await found.readFloat32(name));
      for (let m = 0; m < mask.length; m++) if (mask[m] !== zeros[m]) differing++;
    }
    await found.close();
    // Of 7,077,888 weights; rounding to float32 may put two importances of Wanda's in another order.
    expect(differing).toBeLessThanOrEqual(method === 'magnitude' ? 0 : 40);
  });

  /** How the engine's SparseGPT compares with PyTorch's in one matrix. */
  async function expectSameButForTies(name: SparseGpt, weight: string, values: Float32Array): Promise<void> {
    const [rows, columns] = checkpoint.tensors.get(weight)?.shape ?? [0, 0];
    const reference = {
      ...{ rows, columns, ...PARTS[name] },
      mask: await expected<Uint8Array>(weight, `${name}.mask`),
      scores: await expected<Float32Array>(weight, `${name}.scores`),
      values: await expected<Float32Array>(weight, name),
    };
    const { flipped, leastTied } = flippedRows(values, reference);
    expect(leastTied, `${weight}: distance of a row's first flip from a tie, nats`).toBeLessThanOrEqual(TIE);
    expect(flipped.size / rows, `${weight}: rows with a flip`).toBeLessThan(FLIPPED_ROWS);
    expect(sameRowsApart(values, reference, flipped), weight).toBeLessThanOrEqual(TOLERANCE);
  }

  it.each(CASES)(
    '%s: the first layer’s masks but for ties, and where they are the same the weights',
    {
      timeout: 300_000,
    },
    async (name) => {
      const pattern = name === 'sparsegpt' ? 'unstructured' : '2:4';
      const found = await pruned(name, { method: 'sparsegpt', pattern });
      for (const weight of names.filter(isOfFirst))
        await expectSameButForTies(name, weight, await found.readFloat32(weight));
      await found.close();
    },
  );

  it.each(CASES)(
    '%s: the second layer’s, with the first as PyTorch has it',
    {
      timeout: 300_000,
    },
    async (name) => {
      const given = await compensationGiven(name);
      const own = sparsegpt(0.01);
      const method: PruningMethod = {
        needs: 'moments',
        prune: (group) => (group.layer === 0 ? given : own).prune(group),
      };
      const grouping = {
        sparsity: 0.5,
        blockColumns: null,
        pattern: name === 'sparsegpt' ? null : PATTERNS['2:4'],
      };
      const found = await pruneByMethod({
        checkpoint,
        sequences: sequences(),
        method,
        grouping,
        scratchDir: folder,
      });
      for (const weight of names.filter((each) => !isOfFirst(each)))
        await expectSameButForTies(name, weight, found.get(weight)?.values as Float32Array);
    },
  );

  it.each(CASES)(
    'compensation given the masks of %s gives its weights',
    { timeout: 300_000 },
    async (name) => {
      const method = await compensationGiven(name);
      const found = await pruneByMethod({ checkpoint, sequences: sequences(), method, scratchDir: folder });
      for (const weight of names) {
        const matrix = found.get(weight);
        if (!matrix?.values) throw new Error(`${weight} was not updated`);
        expect(prunedBy(matrix.mask), weight).toEqual(await expected<Uint8Array>(weight, `${name}.mask`));
        const values = await expected<Float32Array>(weight, name);
        expect(relativeError(matrix.values, values), weight).toBeLessThanOrEqual(TOLERANCE);
      }
    },
  );

  async function compensationGiven(name: SparseGpt): Promise<PruningMethod> {
    const masks = new Map<string, Uint8Array>();
    for (const weight of names) masks.set(weight, await expected<Uint8Array>(weight, `${name}.mask`));
    return compensationFor(checkpoint, (weight) => masks.get(weight) as Uint8Array, 'sweep');
  }

  function sequences(): Int32Array[] {
    const lines = readFileSync(join(dir, 'tokens.jsonl'), 'utf8').trim().split('\n');
    return lines.map((line) => Int32Array.from(JSON.parse(line).input_ids));
  }
});
