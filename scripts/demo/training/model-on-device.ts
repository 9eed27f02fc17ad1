import type { ModelConfig } from '../../../src/engine/checkpoint/config.ts';
import type { HeadWeights } from '../../../src/engine/model/cross-entropy.ts';
import type { DecoderLayerWeights, LinearWeights } from '../../../src/engine/model/decoder-layer.ts';
import type { NormWeights } from '../../../src/engine/model/norm.ts';
import { dispose, tensor1d, tensor2d } from '../../../src/engine/tensor/ops.ts';
import type { LayerParameters, ModelParameters, Parameter } from './model-parameters.ts';

export interface ModelOnDevice {
  readonly layers: readonly DecoderLayerWeights[];
  readonly head: HeadWeights;
}

/** Copies the parameters to the device. */
export function uploadModel(config: ModelConfig, parameters: ModelParameters): ModelOnDevice {
  return {
    layers: parameters.layers.map((layer) => uploadLayer(config, layer)),
    head: {
      norm: uploadNorm(config, parameters.finalNorm),
      weight: tensor2d(parameters.embedding.values, [config.vocabSize, config.hiddenSize]),
      softcap: config.logitSoftcap,
    },
  };
}

function uploadLayer(config: ModelConfig, layer: LayerParameters): DecoderLayerWeights {
  const linear = ({ shape, values }: Parameter): LinearWeights => ({
    weight: tensor2d(values, shape as [number, number]),
    bias: null,
  });
  return {
    inputNorm: uploadNorm(config, layer.inputNorm),
    mlpInputNorm: uploadNorm(config, layer.mlpInputNorm),
    ...{ queryNorm: null, keyNorm: null, attentionOutputNorm: null, mlpOutputNorm: null },
    attentionKind: 0,
    attentionInput: linear(layer.attentionInput),
    attentionOutput: linear(layer.attentionOutput),
    mlpInput: linear(layer.mlpInput),
    mlpHidden: linear(layer.mlpHidden),
  };
}

const uploadNorm = ({ norm }: ModelConfig, { values }: Parameter): NormWeights => ({
  weight: tensor1d(values),
  bias: null,
  eps: norm.eps,
});

export function disposeModel({ layers, head }: ModelOnDevice): void {
  dispose({ ...head });
  for (const layer of layers) dispose({ ...layer });
}
