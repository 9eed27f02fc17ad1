import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Checkpoint } from '../../../../src/engine/checkpoint/checkpoint.ts';
import { openCheckpoint } from '../../../../src/engine/checkpoint/open-checkpoint.ts';
import { optionLogProbabilities } from '../../../../src/engine/evaluation/tasks/option-log-probabilities.ts';
import { planOf } from '../../../../src/engine/streaming/plan.ts';
import { openBackend } from '../../../../src/engine/tensor/backend.ts';
import { memory } from '../../../../src/engine/tensor/ops.ts';
import { temporaryFolder } from '../../checkpoint/temporary-folder.ts';
import { describeOnEachBackend } from '../../each-backend.ts';
import { FIXTURES } from '../../oracle-fixture.ts';

/** What PyTorch says, see test/oracle/make_option_fixtures.py. */
interface Item {
  readonly stem: number[];
  readonly options: number[][];
  readonly logProbabilities: number[];
}

const folder = temporaryFolder();
const SMOLLM2 = process.env.DPRUNER_ORACLE_MODEL ?? join(homedir(), '.cache/dpruner/smollm2');
const hasSmolLM2 = existsSync(join(SMOLLM2, 'config.json'));

const itemsOf = (name: string): Item[] =>
  JSON.parse(readFileSync(join(FIXTURES, 'options', `${name}.json`), 'utf8'));

async function scoreAll(checkpoint: Checkpoint, items: readonly Item[], packTokens: number) {
  const tokenized = items.map(({ stem, options }) => ({
    stem: Int32Array.from(stem),
    options: options.map((ids) => Int32Array.from(ids)),
  }));
  return optionLogProbabilities(checkpoint, tokenized, {
    scratchDir: join(folder, 'scratch'),
    plan: { ...planOf(checkpoint.config), packTokens },
    onProgress: () => {},
  });
}

function expectAsPyTorch(found: readonly number[][], items: readonly Item[]) {
  expect(found).toHaveLength(items.length);
  for (const [i, { logProbabilities }] of items.entries()) {
    expect(found[i]).toHaveLength(logProbabilities.length);
    for (const [k, expected] of logProbabilities.entries())
      expect(Math.abs(found[i][k] - expected), `item ${i}, option ${k}`).toBeLessThan(1e-4);
  }
}

describeOnEachBackend('log-probabilities of options', () => {
  it.each(['toy-llama', 'toy-llama3-rope', 'toy-mistral', 'toy-qwen2'])(
    'are PyTorch’s on %s, however items are packed',
    async (name) => {
      const checkpoint = await openCheckpoint(join(FIXTURES, name));
      const items = itemsOf(name);
      const before = memory().numTensors;
      for (const packTokens of [1, 100, 4096])
        expectAsPyTorch(await scoreAll(checkpoint, items, packTokens), items);
      expect(memory().numTensors).toBe(before);
      await checkpoint.close();
    },
  );
});

describe.skipIf(!hasSmolLM2)(`SmolLM2${hasSmolLM2 ? '' : ` (skipped: not in ${SMOLLM2})`}`, () => {
  beforeAll(() => openBackend(null));

  it('gives PyTorch’s log-probabilities from its first two layers', async () => {
    const whole = await openCheckpoint(SMOLLM2);
    const checkpoint = { ...whole, config: { ...whole.config, numHiddenLayers: 2 } };
    const items = itemsOf('smollm2-2-layers');
    expectAsPyTorch(await scoreAll(checkpoint, items, 4096), items);
    await whole.close();
  }, 120_000);
});
