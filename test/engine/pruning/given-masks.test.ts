import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readLayerShard } from '../../../src/engine/importance/layer-shard.ts';
import { prunedBy } from '../../../src/engine/pruning/mask.ts';
import { temporaryFolder } from '../checkpoint/temporary-folder.ts';
import { expectClose } from '../closeness.ts';
import { describeOnEachBackend } from '../each-backend.ts';
import { openFixture } from '../oracle-fixture.ts';
import { TOY, TOY_WEIGHTS } from '../toy-run.ts';
import { compensationFor, pruneByMethod } from './prune-by-method.ts';

const scratchDir = temporaryFolder();
const { tensors } = await readLayerShard(join(TOY, 'methods.safetensors'));
const maskOf = (weight: string, source: string) =>
  tensors.get(`${weight}.${source}.mask`)?.values as Uint8Array;

describeOnEachBackend(
  'compensation',
  (backend) => {
    it.each([
      ['sweep', 'SparseGPT’s masks: SparseGPT’s weights', 'sparsegpt', 'sparsegpt'],
      ['sweep', 'SparseGPT’s 2:4 masks: SparseGPT’s weights', 'sparsegpt.2:4', 'sparsegpt.2:4'],
      [
        'sweep',
        'SparseGPT’s masks of smaller blocks: PyTorch’s weights',
        'sparsegpt.blocks',
        'sparsegpt.blocks.compensated',
      ],
      ['exact', 'SparseGPT’s 2:4 masks: each row’s solution', 'sparsegpt.2:4', 'sparsegpt.2:4.exact'],
      ['exact', 'Wanda’s masks: each row’s solution', 'wanda', 'wanda.exact'],
    ] as const)('%s, given %s', async (update, _, source, result) => {
      const { checkpoint, domain, open, close } = await openFixture('toy-llama');
      // The fixture's texts: the first three of each, by turns.
      const sequences = [0, 1, 2].flatMap((j) => [domain[j], open[j]]);
      const method = compensationFor(checkpoint, (weight) => maskOf(weight, source), update);
      const found = await pruneByMethod({ checkpoint, sequences, method, scratchDir });
      await close();
      for (const weight of TOY_WEIGHTS) {
        const matrix = found.get(weight);
        if (!matrix?.values) throw new Error(`${backend} did not update ${weight}`);
        expect(prunedBy(matrix.mask), weight).toEqual(maskOf(weight, source));
        const expected = tensors.get(`${weight}.${result}`)?.values as Float32Array;
        expectClose(matrix.values, expected, update === 'exact' ? 1e-3 : 1e-4, weight);
      }
    });
  },
  { isLong: true },
);
