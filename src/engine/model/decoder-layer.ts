import type { ModelConfig } from '../checkpoint/config.ts';
import {
  add,
  gather,
  matMul,
  slice,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  tidy,
} from '../tensor/ops.ts';
import { attentionBackward, attentionForward } from './attention.ts';
import { type BlockHeads, joinHeads, mergeBlocks, splitBlocks, splitHeads } from './heads.ts';
import type { InputGroup } from './input-groups.ts';
import type { Positions } from './positions.ts';
import { rmsNormBackward, rmsNormForward } from './rms-norm.ts';
import type { Segment } from './segments.ts';
import { swigluBackward, swigluForward } from './swiglu.ts';

/** y = x Wᵀ + b; weight [outputs, inputs], bias [outputs]. */
export interface LinearWeights {
  readonly weight: Tensor2D;
  readonly bias: Tensor1D | null;
}

/** A decoder layer on the device. */
export interface DecoderLayerWeights extends Record<InputGroup, LinearWeights> {
  readonly inputNorm: Tensor1D;
  readonly postAttentionNorm: Tensor1D;
}

/** The input of each group of linear layers, [N, inputs]: what H and the weight gradients are made of. */
export type LinearInputs = Record<InputGroup, Tensor2D>;

/** Everything of a forward pass that the backward pass reads; the caller disposes of it. */
export interface DecoderLayerActivations extends LinearInputs {
  /** The layer's input, [N, hiddenSize]. */
  readonly input: Tensor2D;
  readonly heads: BlockHeads;
  /** The residual stream between attention and MLP, [N, hiddenSize]. */
  readonly residual: Tensor2D;
  /** Gate and up side by side, [N, 2·intermediateSize]. */
  readonly gateUp: Tensor2D;
  /** Attention probabilities of each block; empty where they are computed again instead. */
  readonly probabilities: Tensor3D[];
}

/**
 * The layer up to the down projection's input; `decoderLayerOutput` completes it. Where segments share tokens there is no
 * backward pass.
 */
export function decoderLayerForward(
  config: ModelConfig,
  weights: DecoderLayerWeights,
  input: Tensor2D,
  positions: Positions,
  keepProbabilities = false,
): DecoderLayerActivations {
  return tidy(() => {
    const attentionInput = rmsNormForward(input, weights.inputNorm, config.rmsNormEps);
    const qkv = applyLinear(weights.attentionInput, attentionInput);
    const placed = positions.rows ? (gather(qkv, positions.rows) as Tensor2D) : qkv;
    const heads = splitHeads(config, placed, positions);
    const { outputs, probabilities } = positions.attend
      ? { outputs: positions.attend(config, heads), probabilities: [] }
      : attentionForward(config, heads, positions, keepProbabilities);
    const attentionOutput = mergeBlocks(config, outputs);
    const residual = add(input, applyLinear(weights.attentionOutput, attentionOutput)) as Tensor2D;
    const mlpInput = rmsNormForward(residual, weights.postAttentionNorm, config.rmsNormEps);
    const gateUp = applyLinear(weights.mlpInput, mlpInput);
    const mlpHidden = swigluForward(gateUp);
    return {
      input,
      attentionInput,
      heads,
      attentionOutput,
      residual,
      mlpInput,
      gateUp,
      mlpHidden,
      probabilities,
    };
  });
}

/** residual + down projection, [N, hiddenSize]: the next layer's input. */
export function decoderLayerOutput(
  weights: DecoderLayerWeights,
  { residual, mlpHidden }: DecoderLayerActivations,
) {
  return tidy(() => add(residual, applyLinear(weights.mlpHidden, mlpHidden)) as Tensor2D);
}

/** The gradient at each group's output, dY [N, outputs], and at the layer's input, dX [N, hiddenSize]. */
export interface DecoderLayerGradients {
  readonly outputs: Record<InputGroup, Tensor2D>;
  readonly input: Tensor2D;
}

/** @param dOutput gradient of the loss at the layer's output, [N, hiddenSize] */
export function decoderLayerBackward(
  config: ModelConfig,
  weights: DecoderLayerWeights,
  activations: DecoderLayerActivations,
  positions: Positions,
  dOutput: Tensor2D,
): DecoderLayerGradients {
  return tidy(() => {
    const dMlpHidden = matMul(dOutput, weights.mlpHidden.weight);
    const dGateUp = swigluBackward(activations.gateUp, dMlpHidden);
    const dMlpInput = matMul(dGateUp, weights.mlpInput.weight);
    const { rmsNormEps } = config;
    const { postAttentionNorm, inputNorm } = weights;
    const dResidual = rmsNormBackward(
      activations.residual,
      postAttentionNorm,
      rmsNormEps,
      dMlpInput,
      dOutput,
    );
    const dAttentionOutput = matMul(dResidual, weights.attentionOutput.weight);
    const dOutputs = splitBlocks(config, dAttentionOutput, positions);
    const { heads, probabilities } = activations;
    const dHeads = attentionBackward(config, heads, positions, dOutputs, probabilities);
    const dQkv = joinHeads(config, dHeads, positions);
    const dAttentionInput = matMul(dQkv, weights.attentionInput.weight);
    const input = rmsNormBackward(activations.input, inputNorm, rmsNormEps, dAttentionInput, dResidual);
    const outputs = {
      attentionInput: dQkv,
      attentionOutput: dResidual,
      mlpInput: dGateUp,
      mlpHidden: dOutput,
    };
    return { outputs, input };
  });
}

function applyLinear({ weight, bias }: LinearWeights, x: Tensor2D): Tensor2D {
  const y = matMul(x, weight, false, true);
  return bias ? (add(y, bias) as Tensor2D) : y;
}

/** The rows of one sample, [T, width]. */
export const rowsOf = (x: Tensor2D, { start, length }: Segment): Tensor2D =>
  slice(x, [start, 0], [length, x.shape[1]]);
