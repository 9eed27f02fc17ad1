import type { ModelConfig } from '../../../src/engine/checkpoint/config.ts';

/** 4 query heads over 2 key/value heads of 4, hidden 12, intermediate 20. */
export function tinyConfig(changes: Partial<ModelConfig> = {}): ModelConfig {
  return {
    modelType: 'llama',
    vocabSize: 48,
    hiddenSize: 12,
    intermediateSize: 20,
    numHiddenLayers: 1,
    numAttentionHeads: 4,
    numKeyValueHeads: 2,
    headDim: 4,
    rmsNormEps: 1e-5,
    ropeTheta: 10000,
    ropeScaling: null,
    maxPositionEmbeddings: 4096,
    slidingWindow: null,
    tieWordEmbeddings: false,
    qkvBias: false,
    outputBias: false,
    mlpBias: false,
    ...changes,
  };
}
