import type { ModelConfig } from '../../../src/engine/checkpoint/config.ts';
import { crossEntropyBackward, tokenCrossEntropy } from '../../../src/engine/model/cross-entropy.ts';
import {
  type DecoderLayerActivations,
  decoderLayerBackward,
  decoderLayerForward,
  decoderLayerOutput,
} from '../../../src/engine/model/decoder-layer.ts';
import { INPUT_GROUPS, type InputGroup } from '../../../src/engine/model/input-groups.ts';
import type { Positions } from '../../../src/engine/model/positions.ts';
import { dispose, gather, type Tensor2D, tensor1d, tensor2d, tidy } from '../../../src/engine/tensor/ops.ts';
import { takeFloats } from '../../../src/engine/tensor/read.ts';
import { addEmbeddingGradient } from './embedding-gradient.ts';
import { headGradient } from './head-gradient.ts';
import type { ModelOnDevice } from './model-on-device.ts';
import type { LayerParameters, ModelParameters, Parameter } from './model-parameters.ts';
import { normGradient } from './norm-gradient.ts';
import { weightGradient } from './weight-gradient.ts';

/** Sequences packed one after the other, each with the token that follows every token. */
export interface Batch {
  /** [N] */
  readonly inputIds: Int32Array;
  /** [N] */
  readonly targets: Int32Array;
}

/** Mean cross-entropy of the targets, nats. */
export function meanLoss(
  config: ModelConfig,
  model: ModelOnDevice,
  batch: Batch,
  positions: Positions,
): number {
  const losses = tidy(() => {
    let hidden = embed(model, batch.inputIds);
    for (const layer of model.layers) {
      hidden = decoderLayerOutput(layer, decoderLayerForward(config, layer, hidden, positions));
    }
    return tokenCrossEntropy(model.head, hidden, batch.targets);
  });
  return mean(losses);
}

/**
 * Adds the gradient of the batch's mean cross-entropy at every parameter, by the engine's own forward and backward.
 * @param parameters what `model` holds
 * @param gradients added to
 * @returns the mean cross-entropy, nats
 */
export function addLossGradients(
  config: ModelConfig,
  parameters: ModelParameters,
  model: ModelOnDevice,
  batch: Batch,
  positions: Positions,
  gradients: ModelParameters,
): number {
  const { inputIds, targets } = batch;
  const kept: DecoderLayerActivations[] = [];
  let hidden = embed(model, inputIds);
  for (const layer of model.layers) {
    const activations = decoderLayerForward(config, layer, hidden, positions);
    kept.push(activations);
    hidden = decoderLayerOutput(layer, activations);
  }

  const tokenWeights = new Float32Array(targets.length).fill(1 / targets.length);
  const { losses, dHidden } = crossEntropyBackward(model.head, hidden, targets, tokenWeights);
  const dHead = headGradient(model.head, hidden, targets, tokenWeights);
  add(gradients.finalNorm, normGradient(parameters.finalNorm.values, parameters.embedding.values, dHead));
  add(gradients.embedding, dHead);
  hidden.dispose();

  let dOutput = tensor2d(dHidden, [inputIds.length, config.hiddenSize]);
  for (let layer = model.layers.length - 1; layer >= 0; layer--) {
    const weights = model.layers[layer] as ModelOnDevice['layers'][number];
    const activations = kept[layer] as DecoderLayerActivations;
    const dLayer = decoderLayerBackward(config, weights, activations, positions, dOutput);
    addLayerGradients(
      parameters.layers[layer] as LayerParameters,
      activations,
      dLayer.outputs,
      gradients.layers[layer] as LayerParameters,
    );
    dispose({ ...activations });
    dispose({ ...dLayer.outputs });
    dOutput = dLayer.input;
  }
  // The table is read twice: to embed the tokens and as the head.
  addEmbeddingGradient(gradients.embedding.values, inputIds, takeFloats(dOutput));
  return mean(losses);
}

function addLayerGradients(
  parameters: LayerParameters,
  inputs: Record<InputGroup, Tensor2D>,
  dOutputs: Record<InputGroup, Tensor2D>,
  gradients: LayerParameters,
): void {
  const dWeights = {} as Record<InputGroup, Float32Array>;
  for (const group of INPUT_GROUPS) {
    dWeights[group] = weightGradient(inputs[group], dOutputs[group]);
    add(gradients[group], dWeights[group]);
  }
  const ofNorm = (norm: Parameter, group: InputGroup) =>
    normGradient(norm.values, parameters[group].values, dWeights[group]);
  add(gradients.inputNorm, ofNorm(parameters.inputNorm, 'attentionInput'));
  add(gradients.mlpInputNorm, ofNorm(parameters.mlpInputNorm, 'mlpInput'));
}

const embed = ({ head }: ModelOnDevice, inputIds: Int32Array): Tensor2D =>
  tidy(() => gather(head.weight, tensor1d(inputIds, 'int32')) as Tensor2D); // [N, hiddenSize]

function add({ values }: Parameter, more: Float32Array): void {
  for (let i = 0; i < values.length; i++) values[i] = values[i] + more[i];
}

const mean = (values: Float32Array): number =>
  values.reduce((total, value) => total + value, 0) / values.length;
