import type { ModelConfig } from './config.ts';
import {
  EMBEDDING,
  FINAL_NORM,
  hasBias,
  inputNorm,
  LINEARS,
  LM_HEAD,
  linearBias,
  linearShape,
  linearWeight,
  postAttentionNorm,
} from './weight-names.ts';

/** Name and shape of every tensor that a model of this config needs, in the order in which they act. */
export function* expectedTensors(config: ModelConfig): Generator<[name: string, shape: number[]]> {
  const { vocabSize, hiddenSize, numHiddenLayers } = config;
  yield [EMBEDDING, [vocabSize, hiddenSize]];
  for (let layer = 0; layer < numHiddenLayers; layer++) {
    yield [inputNorm(layer), [hiddenSize]];
    yield [postAttentionNorm(layer), [hiddenSize]];
    for (const linear of LINEARS) {
      const [rows, columns] = linearShape(config, linear);
      yield [linearWeight(layer, linear), [rows, columns]];
      if (hasBias(config, linear)) yield [linearBias(layer, linear), [rows]];
    }
  }
  yield [FINAL_NORM, [hiddenSize]];
  if (!config.tieWordEmbeddings) yield [LM_HEAD, [vocabSize, hiddenSize]];
}
