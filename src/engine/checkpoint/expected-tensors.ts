import type { ModelConfig } from './model-config.ts';
import {
  embeddingNormNames,
  embeddingWeight,
  finalNormNames,
  hasBias,
  LM_HEAD,
  linearBias,
  linearShape,
  linearsOf,
  linearWeight,
  normNames,
  normsOf,
  normWidth,
  type ParameterNames,
} from './weight-names.ts';

type NameAndShape = [name: string, shape: number[]];

/** Name and shape of every tensor that a model of this config needs, in the order in which they act. */
export function* expectedTensors(config: ModelConfig): Generator<NameAndShape> {
  const { vocabSize, hiddenSize, numHiddenLayers } = config;
  yield [embeddingWeight(config), [vocabSize, hiddenSize]];
  const embeddingNorm = embeddingNormNames(config);
  if (embeddingNorm) yield* vectors(embeddingNorm, hiddenSize);
  for (let layer = 0; layer < numHiddenLayers; layer++) {
    for (const norm of normsOf(config))
      yield* vectors(normNames(config, layer, norm), normWidth(config, norm));
    for (const linear of linearsOf(config)) {
      const [rows, columns] = linearShape(config, linear);
      yield [linearWeight(config, layer, linear), [rows, columns]];
      if (hasBias(config, linear)) yield [linearBias(config, layer, linear), [rows]];
    }
  }
  yield* vectors(finalNormNames(config), hiddenSize);
  if (!config.tieWordEmbeddings) yield [LM_HEAD, [vocabSize, hiddenSize]];
}

function* vectors({ weight, bias }: ParameterNames, width: number): Generator<NameAndShape> {
  yield [weight, [width]];
  if (bias) yield [bias, [width]];
}
