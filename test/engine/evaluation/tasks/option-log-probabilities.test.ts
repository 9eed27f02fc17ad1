import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Checkpoint } from '../../../../src/engine/checkpoint/checkpoint.ts';
import { openCheckpoint } from '../../../../src/engine/checkpoint/open-checkpoint.ts';
import { sequenceLogits } from '../../../../src/engine/evaluation/logits.ts';
import { optionLogProbabilities } from '../../../../src/engine/evaluation/tasks/option-log-probabilities.ts';
import { planOf } from '../../../../src/engine/streaming/plan.ts';
import { openBackend } from '../../../../src/engine/tensor/backend.ts';
import { memory } from '../../../../src/engine/tensor/ops.ts';
import { temporaryFolder } from '../../checkpoint/temporary-folder.ts';
import { expectClose } from '../../closeness.ts';
import { describeOnEachBackend } from '../../each-backend.ts';
import { FIXTURES, TOYS } from '../../oracle-fixture.ts';

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

async function scoreAll(
  checkpoint: Checkpoint,
  items: readonly Omit<Item, 'logProbabilities'>[],
  packTokens: number,
) {
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

describeOnEachBackend(
  'log-probabilities of options',
  () => {
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
  },
  { isLong: true },
);

describe('options that share a text', () => {
  beforeAll(() => openBackend(null));

  it.each(TOYS)('are scored as each text whole: %s', async (name) => {
    const checkpoint = await openCheckpoint(join(FIXTURES, name));
    const ids = (from: number, count: number) =>
      Array.from({ length: count }, (_, i) => 3 + ((from + 7 * i) % 60));
    const items = [
      { stem: ids(5, 19), options: [ids(1, 4), ids(9, 1), ids(2, 6)] },
      { stem: ids(8, 1), options: [ids(4, 3), ids(6, 2)] },
    ];
    const expected = await Promise.all(
      items.map(({ stem, options }) =>
        Promise.all(options.map((option) => wholeText(checkpoint, stem, option))),
      ),
    );
    const found = await scoreAll(checkpoint, items, 4096);
    for (const [i, sums] of expected.entries()) expectClose(found[i], sums, 1e-5, `item ${i}`);
    await checkpoint.close();
  });
});

/** Σ log p over the option's tokens, from the logits of stem and option together. */
async function wholeText(checkpoint: Checkpoint, stem: number[], option: number[]): Promise<number> {
  const text = Int32Array.from([...stem, ...option]);
  const logits = await sequenceLogits(checkpoint, text);
  const width = logits.length / text.length;
  return option.reduce((total, id, t) => {
    const row = logits.subarray((stem.length + t - 1) * width, (stem.length + t) * width);
    const largest = Math.max(...row);
    const normalizer = largest + Math.log(row.reduce((sum, logit) => sum + Math.exp(logit - largest), 0));
    return total + row[id] - normalizer;
  }, 0);
}

describe.skipIf(!hasSmolLM2)(`SmolLM2${hasSmolLM2 ? '' : ` (skipped: not in ${SMOLLM2})`}`, () => {
  beforeAll(() => openBackend(null));

  it('gives PyTorch’s log-probabilities from its first two layers', async () => {
    const whole = await openCheckpoint(SMOLLM2);
    const checkpoint = { ...whole, config: { ...whole.config, numHiddenLayers: 2 } };
    const items = itemsOf('smollm2-2-layers');
    expectAsPyTorch(await scoreAll(checkpoint, items, 4096), items);
    await whole.close();
  }, 120_000);

  it('gives PyTorch’s log-probabilities of holdings to 1e-4 of each, all layers through', async () => {
    const checkpoint = await openCheckpoint(SMOLLM2);
    const items = itemsOf('smollm2');
    expect(items.map(({ options }) => options.length)).toEqual([5, 5, 5]);
    const found = await scoreAll(checkpoint, items, 4096);
    for (const [i, { logProbabilities }] of items.entries()) {
      for (const [k, expected] of logProbabilities.entries())
        expect(Math.abs(found[i][k] / expected - 1), `item ${i}, option ${k}`).toBeLessThan(1e-4);
    }
    await checkpoint.close();
  }, 120_000);
});
