import type { ModelConfig } from '../checkpoint/model-config.ts';
import { concat, gather, type Tensor2D, tensor1d, tidy } from '../tensor/ops.ts';
import type { GenerationModel } from './generation-model.ts';
import type { NextPositions } from './next-positions.ts';
import { cachesOf, lengthOf, type Sequence, wholeOf } from './sequence.ts';
import { type Breathe, readNext, readPrompts } from './token-steps.ts';

/**
 * Takes each sequence's last token through the model. A text that has just outgrown the length up to which LongRoPE's short
 * factors hold is read anew as a whole, as transformers does: its keys were rotated by those factors.
 * @returns the last layer's output, [N, hiddenSize]
 */
export async function continueSequences(
  model: GenerationModel,
  sequences: readonly Sequence[],
  positions: NextPositions,
  breathe: Breathe,
): Promise<Tensor2D> {
  const limit = shortLength(model.checkpoint.config);
  const outgrown = sequences.filter((sequence) => lengthOf(sequence) === limit + 1);
  const others = sequences.filter((sequence) => !outgrown.includes(sequence));
  const parts: Tensor2D[] = [];
  if (others.length > 0) {
    const ids = others.map(({ found }) => found.at(-1) as number);
    const at = others.map((sequence) => lengthOf(sequence) - 1);
    parts.push(await readNext(model, ids, at, cachesOf(others), positions));
  }
  if (outgrown.length > 0) {
    for (const { cache } of outgrown) cache.dispose();
    parts.push(await readPrompts(model, outgrown.map(wholeOf), cachesOf(outgrown), breathe));
  }
  if (parts.length === 1) return parts[0];
  const order = [...others, ...outgrown];
  const rows = sequences.map((sequence) => order.indexOf(sequence));
  const inOrder = tidy(() => gather(concat(parts, 0), tensor1d(rows, 'int32')) as Tensor2D);
  for (const part of parts) part.dispose();
  return inOrder;
}

/** Infinite where frequencies do not depend on a text's length. */
const shortLength = ({ attentionKinds }: ModelConfig): number =>
  Math.min(
    ...attentionKinds.map(({ rope }) =>
      rope?.scaling?.type === 'longrope' ? rope.scaling.originalMaxPositionEmbeddings : Infinity,
    ),
  );
