import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { pruneSettings } from '../../src/contract/settings.ts';
import { openCheckpoint } from '../../src/engine/checkpoint/open-checkpoint.ts';
import { linearShape, linearsOf, linearWeight } from '../../src/engine/checkpoint/weight-names.ts';
import { sequenceLogits } from '../../src/engine/evaluation/logits.ts';
import { prune } from '../../src/engine/prune-run.ts';
import type { BackendName } from '../../src/engine/tensor/backend.ts';
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

describeOnEachBackend('prune', (backend) => {
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
});

/** Prints the logits of a sequence, as transformers computes them from a folder, in float32. */
const LOGITS = `
import json, sys
from reference import load, torch
ids = torch.tensor([json.loads(sys.argv[2])])
print(json.dumps(load(sys.argv[1], torch.float32)(input_ids=ids, use_cache=False).logits[0].flatten().tolist()))
`;

describe('an export', () => {
  it.skipIf(!oraclePython).each(fixtures)(
    `$name: transformers opens it and says what the engine says${withoutPython}`,
    async ({ name, fixture }) => {
      const dir = join(folder, `${name}-export`);
      await pruneToy(name, fixture, usableBackends[0], dir);
      const [, ids] = fixture.domain;
      const output = execFileSync(oraclePython as string, ['-c', LOGITS, dir, JSON.stringify([...ids])], {
        cwd: join(FIXTURES, '..'),
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const pruned = await openCheckpoint(dir);
      const logits = await sequenceLogits(pruned, ids);
      await pruned.close();
      expectClose(logits, JSON.parse(output), 1e-5, name);
      expect(logits).not.toEqual(await fixture.expected('sample.1.logits'));
    },
  );
});
