import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import type { HeadWeights } from '../model/cross-entropy.ts';
import { disposeHead, loadHead } from '../streaming/layer-weights.ts';
import { type LayerSource, openLayers } from './layer-source.ts';
import { TokenEmbedding } from './token-embedding.ts';

/** A model ready to generate: its layers in memory or read one by one, and its two ends in memory. */
export interface GenerationModel {
  readonly checkpoint: Checkpoint;
  readonly source: LayerSource;
  readonly embedding: TokenEmbedding;
  readonly head: HeadWeights;
}

export async function loadGenerationModel(
  checkpoint: Checkpoint,
  inMemory: boolean,
): Promise<GenerationModel> {
  const embedding = await TokenEmbedding.load(checkpoint);
  const head = await loadHead(checkpoint);
  return { checkpoint, embedding, head, source: await openLayers(checkpoint, inMemory) };
}

export async function disposeGenerationModel({ head, source }: GenerationModel): Promise<void> {
  disposeHead(head);
  await source.close();
}
