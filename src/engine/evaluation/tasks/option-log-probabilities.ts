import type { Checkpoint } from '../../checkpoint/checkpoint.ts';
import { type BranchingPlace, packBranchings } from '../../model/branches.ts';
import { type HeadWeights, tokenCrossEntropy } from '../../model/cross-entropy.ts';
import { loadBoundary, type TokenStream } from '../../streaming/token-stream.ts';
import { gather, type Tensor2D, tensor1d, tidy } from '../../tensor/ops.ts';
import { forwardPass, type PassOptions } from '../forward-pass.ts';
import type { TokenizedChoice } from './tokenized-choices.ts';

/**
 * Σ log p(token | what is before it) over each option's tokens, nats; of each item. An item's stem runs through the model
 * once, and of an option all but its last token, after which nothing is predicted.
 */
export function optionLogProbabilities(
  checkpoint: Checkpoint,
  items: readonly TokenizedChoice[],
  options: PassOptions,
): Promise<number[][]> {
  const branchings = items.map(({ stem, options: texts }) => ({
    stem,
    branches: texts.map((ids) => ids.subarray(0, -1)),
  }));
  const { packs, places } = packBranchings(branchings, options.plan.packTokens);
  return forwardPass(checkpoint, packs, options, async (stream, head) => {
    const results: number[][] = [];
    for (let pack = 0; pack < packs.length; pack++) {
      const end = places.findLastIndex((place) => place.pack === pack) + 1;
      const begin = results.length;
      results.push(
        ...(await scorePack(stream, head, pack, items.slice(begin, end), places.slice(begin, end))),
      );
    }
    return results;
  });
}

async function scorePack(
  stream: TokenStream,
  head: HeadWeights,
  pack: number,
  items: readonly TokenizedChoice[],
  places: readonly BranchingPlace[],
): Promise<number[][]> {
  const rows: number[] = [];
  const targets: number[] = [];
  for (const [i, { options }] of items.entries()) {
    const { stemEnd, branchStarts } = places[i];
    for (const [k, ids] of options.entries()) {
      rows.push(stemEnd, ...Array.from({ length: ids.length - 1 }, (_, t) => branchStarts[k] + t));
      targets.push(...ids);
    }
  }
  const hidden = await loadBoundary(stream, 0, pack);
  const scored = tidy(() => gather(hidden, tensor1d(rows, 'int32')) as Tensor2D); // [N, hiddenSize]
  hidden.dispose();
  const losses = tokenCrossEntropy(head, scored, Int32Array.from(targets));
  scored.dispose();
  let next = 0;
  return items.map(({ options }) =>
    options.map((ids) => {
      const begin = next;
      next += ids.length;
      return -losses.subarray(begin, next).reduce((total, loss) => total + loss, 0);
    }),
  );
}
