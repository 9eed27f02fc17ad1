import type { ModelConfig } from '../../../src/engine/checkpoint/config.ts';
import type { HeadWeights } from '../../../src/engine/model/cross-entropy.ts';
import type { DecoderLayerWeights, LinearWeights } from '../../../src/engine/model/decoder-layer.ts';
import { INPUT_GROUPS } from '../../../src/engine/model/input-groups.ts';
import { dispose, tensor1d, tensor2d } from '../../../src/engine/tensor/ops.ts';
import type { LayerParameters, ModelParameters, Parameter } from './model-parameters.ts';

export interface ModelOnDevice {
  readonly layers: readonly DecoderLayerWeights[];
  readonly head: HeadWeights;
}

/** Copies the parameters to the device. */
export function uploadModel(config: ModelConfig, parameters: ModelParameters): ModelOnDevice {
  return {
    layers: parameters.layers.map(uploadLayer),
    head: {
      norm: tensor1d(parameters.finalNorm.values),
      weight: tensor2d(parameters.embedding.values, [config.vocabSize, config.hiddenSize]),
      rmsNormEps: config.rmsNormEps,
    },
  };
}

function uploadLayer(layer: LayerParameters): DecoderLayerWeights {
  const linear = ({ shape, values }: Parameter): LinearWeights => ({
    weight: tensor2d(values, shape as [number, number]),
    bias: null,
  });
  return {
    inputNorm: tensor1d(layer.inputNorm.values),
    postAttentionNorm: tensor1d(layer.postAttentionNorm.values),
    attentionInput: linear(layer.attentionInput),
    attentionOutput: linear(layer.attentionOutput),
    mlpInput: linear(layer.mlpInput),
    mlpHidden: linear(layer.mlpHidden),
  };
}

export function disposeModel({ layers, head }: ModelOnDevice): void {
  dispose([head.norm, head.weight]);
  for (const layer of layers) {
    dispose([layer.inputNorm, layer.postAttentionNorm, ...INPUT_GROUPS.map((group) => layer[group].weight)]);
  }
}
