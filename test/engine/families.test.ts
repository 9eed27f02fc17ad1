import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pruneSettings } from '../../src/contract/settings.ts';
import { openCheckpoint } from '../../src/engine/checkpoint/open-checkpoint.ts';
import { linearShape, linearsOf, linearWeight } from '../../src/engine/checkpoint/weight-names.ts';
import { writeSafetensors } from '../../src/engine/checkpoint/write-safetensors.ts';
import { sequenceLogits } from '../../src/engine/evaluation/logits.ts';
import { prune } from '../../src/engine/prune-run.ts';
import { type BackendName, openBackend } from '../../src/engine/tensor/backend.ts';
import { temporaryFolder } from './checkpoint/temporary-folder.ts';
import { expectClose } from './closeness.ts';
import { describeOnEachBackend, usableBackends } from './each-backend.ts';
import { expectSameMask } from './mask-agreement.ts';
import { FAMILY_TOYS, FIXTURES, type OracleFixture, openFixture } from './oracle-fixture.ts';
import { oraclePython, withoutPython } from './oracle-python.ts';

const folder = temporaryFolder();
const fixtures = await Promise.all(
  FAMILY_TOYS.map(async (name) => ({ name, fixture: await openFixture(name) })),
);
afterAll(() => Promise.all(fixtures.map(({ fixture }) => fixture.close())));

/** Nats. Scores are 16-bit codes of logarithms: a matrix spans some 20 nats, so a step is 0.0003. */
const RESOLUTION = 1e-3;

/** Prunes a toy to a half by the dual importance on its own samples. */
async function pruneToy(
  name: string,
  { domain, open }: OracleFixture,
  backend: BackendName,
  outDir: string,
): Promise<void> {
  const write = (text: string, samples: readonly Int32Array[]) => {
    const file = join(folder, `${name}-${text}.jsonl`);
    writeFileSync(file, samples.map((ids) => `${JSON.stringify({ input_ids: [...ids] })}\n`).join(''));
    return file;
  };
  await prune(
    {
      modelDir: join(FIXTURES, name),
      outDir,
      runDir: `${outDir}-run`,
      settings: pruneSettings.parse({ criterion: 'dual' }),
      calibration: {
        kind: 'tokens',
        domainFile: write('domain', domain),
        openFile: write('open', open),
      },
      backend,
      resume: false,
      force: false,
      dumpImportanceDir: null,
    },
    () => {},
  );
}

describeOnEachBackend(
  'prune',
  (backend) => {
    it.each(fixtures)('$name: the masks are PyTorch’s but for ties', async ({ name, fixture }) => {
      const dir = join(folder, `${name}-${backend}`);
      await pruneToy(name, fixture, backend, dir);
      const pruned = await openCheckpoint(dir);
      const { config } = pruned;
      for (let layer = 0; layer < config.numHiddenLayers; layer++) {
        for (const linear of linearsOf(config)) {
          const weight = linearWeight(config, layer, linear);
          const values = await pruned.readFloat32(weight);
          const zeros = Uint8Array.from(values, (value) => Number(Object.is(value, 0)));
          const [, columns] = linearShape(config, linear);
          const agreement = { columns, blockColumns: null, resolution: RESOLUTION };
          const mask = await fixture.expected(`${weight}.mask.dual`);
          expectSameMask(zeros, mask, await fixture.expected(`${weight}.final.dual`), agreement, weight);
        }
      }
      await pruned.close();
    });
  },
  { isLong: true },
);

/** Prints the logits of a sequence by each model, as transformers computes them from its folder, in float32. */
const LOGITS = `
import json, sys
from reference import load, torch
for folder, ids in json.loads(sys.argv[1]):
    logits = load(folder, torch.float32)(input_ids=torch.tensor([ids]), use_cache=False).logits
    print(json.dumps(logits[0].flatten().tolist()))
`;

const exportOf = (name: string): string => join(folder, `${name}-export`);

describe.skipIf(!oraclePython)(`an export${withoutPython}`, () => {
  const byTransformers = new Map<string, number[]>();
  beforeAll(async () => {
    await openBackend(usableBackends[0]);
    for (const { name, fixture } of fixtures)
      await pruneToy(name, fixture, usableBackends[0], exportOf(name));
    const models = fixtures.map(({ name, fixture }) => [exportOf(name), [...fixture.domain[1]]]);
    const output = execFileSync(oraclePython as string, ['-c', LOGITS, JSON.stringify(models)], {
      cwd: join(FIXTURES, '..'),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    for (const [i, line] of output.trim().split('\n').entries()) {
      byTransformers.set(fixtures[i].name, JSON.parse(line));
    }
  }, 120_000);

  it.each(fixtures)(
    '$name: transformers opens it and says what the engine says',
    async ({ name, fixture }) => {
      const pruned = await openCheckpoint(exportOf(name));
      const logits = await sequenceLogits(pruned, fixture.domain[1]);
      await pruned.close();
      expectClose(logits, byTransformers.get(name) ?? [], 1e-5, name);
      expect(logits).not.toEqual(await fixture.expected('sample.1.logits'));
    },
  );
});

describe('a BLOOM', () => {
  it('that was saved without its head says the same', async () => {
    const source = join(FIXTURES, 'toy-bloom');
    const dir = join(folder, 'bare-bloom');
    mkdirSync(dir);
    copyFileSync(join(source, 'config.json'), join(dir, 'config.json'));
    const whole = await openCheckpoint(source);
    const tensors = await Promise.all(
      [...whole.tensors.values()].map(async ({ name, dtype, shape }) => {
        const bytes = await whole.readRaw(name);
        return { name: name.replace(/^transformer\./, ''), dtype, shape, chunks: () => [bytes] };
      }),
    );
    await writeSafetensors(join(dir, 'model.safetensors'), tensors);
    const bare = await openCheckpoint(dir);
    const ids = Int32Array.of(5, 9, 33, 2);
    expect(await sequenceLogits(bare, ids)).toEqual(await sequenceLogits(whole, ids));
    await bare.close();
    await whole.close();
  });
});
