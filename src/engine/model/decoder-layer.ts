import type { ModelConfig } from '../checkpoint/config.ts';
import type { LayerNorm } from '../checkpoint/weight-names.ts';
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
import { activationBackward, activationForward } from './feed-forward.ts';
import { type BlockHeads, joinHeads, mergeBlocks, splitBlocks, splitHeads } from './heads.ts';
import type { InputGroup } from './input-groups.ts';
import { linearForward } from './linear.ts';
import { type NormWeights, normBackward, normForward } from './norm.ts';
import type { AttentionPositions, Positions } from './positions.ts';
import { areHeadsNormed, arrangeHeads, arrangeHeadsBackward } from './query-key-value.ts';
import type { Segment } from './segments.ts';

/** y = x Wᵀ + b; weight [outputs, inputs], bias [outputs]. */
export interface LinearWeights {
  readonly weight: Tensor2D;
  readonly bias: Tensor1D | null;
}

/** A decoder layer on the device; a norm that its model does not have is null. */
export interface DecoderLayerWeights
  extends Record<InputGroup, LinearWeights>,
    Record<Exclude<LayerNorm, 'inputNorm' | 'mlpInputNorm'>, NormWeights | null> {
  readonly inputNorm: NormWeights;
  readonly mlpInputNorm: NormWeights;
  /** Which of the model's kinds of attention the layer has. */
  readonly attentionKind: number;
}

/** The input of each group of linear layers, [N, inputs]: what H and the weight gradients are made of. */
export type LinearInputs = Record<InputGroup, Tensor2D>;

/** Everything of a forward pass that the backward pass reads; the caller disposes of it. */
export interface DecoderLayerActivations extends LinearInputs {
  /** The layer's input, [N, hiddenSize]. */
  readonly input: Tensor2D;
  /** What the projection of queries, keys and values put out, where they are normed, [N, (H + 2·Hkv)·D]. */
  readonly projectedHeads: Tensor2D | undefined;
  readonly heads: BlockHeads;
  /** What the output projection put out, where it is normed, [N, hiddenSize]. */
  readonly attentionProjected: Tensor2D | undefined;
  /** The residual stream between attention and MLP, [N, hiddenSize]. */
  readonly residual: Tensor2D;
  /** What the projection at the MLP's input put out: gate and up side by side, [N, 2·intermediateSize], or up alone. */
  readonly mlpProjected: Tensor2D;
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
    const place = placeOf(weights, positions);
    const attentionInput = normForward(input, weights.inputNorm);
    const projected = applyLinear(weights.attentionInput, attentionInput);
    const arranged = arrangeHeads(config, weights, projected);
    const placed = positions.rows ? (gather(arranged, positions.rows) as Tensor2D) : arranged;
    const heads = splitHeads(config, placed, place);
    const { outputs, probabilities } = positions.attend
      ? { outputs: positions.attend(config, heads, place), probabilities: [] }
      : attentionForward(config, heads, place, keepProbabilities);
    const attentionOutput = mergeBlocks(config, outputs);
    const attended = applyLinear(weights.attentionOutput, attentionOutput);
    const residual = addNormed(input, weights.attentionOutputNorm, attended);
    const mlpInput = normForward(residual, weights.mlpInputNorm);
    const mlpProjected = applyLinear(weights.mlpInput, mlpInput);
    const mlpHidden = activationForward(config, mlpProjected);
    return {
      input,
      attentionInput,
      projectedHeads: areHeadsNormed(weights) ? projected : undefined,
      heads,
      attentionOutput,
      attentionProjected: weights.attentionOutputNorm ? attended : undefined,
      residual,
      mlpInput,
      mlpProjected,
      mlpHidden,
      probabilities,
    };
  });
}

/** residual + down projection (normed, if it is), [N, hiddenSize]: the next layer's input. */
export function decoderLayerOutput(
  weights: DecoderLayerWeights,
  { residual, mlpHidden }: DecoderLayerActivations,
) {
  return tidy(() => addNormed(residual, weights.mlpOutputNorm, applyLinear(weights.mlpHidden, mlpHidden)));
}

/** The gradient at each group's output, dY [N, outputs], and at the layer's input, dX [N, hiddenSize]. */
export interface DecoderLayerGradients {
  readonly outputs: Record<InputGroup, Tensor2D>;
  readonly input: Tensor2D;
}

/**
 * @param dOutput gradient of the loss at the layer's output, [N, hiddenSize]; it becomes the one at the down projection's output,
 *   or is disposed of
 */
export function decoderLayerBackward(
  config: ModelConfig,
  weights: DecoderLayerWeights,
  activations: DecoderLayerActivations,
  positions: Positions,
  dOutput: Tensor2D,
): DecoderLayerGradients {
  const gradients = tidy(() => {
    const { residual, mlpProjected } = activations;
    const dDown = downGradient(weights, activations, dOutput);
    const dMlpHidden = matMul(dDown, weights.mlpHidden.weight);
    const dMlpProjected = activationBackward(config, mlpProjected, dMlpHidden);
    const dMlpInput = matMul(dMlpProjected, weights.mlpInput.weight);
    const dResidual = normBackward(residual, weights.mlpInputNorm, dMlpInput, dOutput);
    const dAttended = throughNorm(activations.attentionProjected, weights.attentionOutputNorm, dResidual);
    const dQkv = attentionGradient(config, weights, activations, placeOf(weights, positions), dAttended);
    const dAttentionInput = matMul(dQkv, weights.attentionInput.weight);
    const input = normBackward(activations.input, weights.inputNorm, dAttentionInput, dResidual);
    const outputs = {
      attentionInput: dQkv,
      attentionOutput: dAttended,
      mlpInput: dMlpProjected,
      mlpHidden: dDown,
    };
    return { outputs, input };
  });
  if (gradients.outputs.mlpHidden !== dOutput) dOutput.dispose();
  return gradients;
}

/** From the gradient at the output projection's output to that at the output of the queries', keys' and values'. */
function attentionGradient(
  config: ModelConfig,
  weights: DecoderLayerWeights,
  { heads, probabilities, projectedHeads }: DecoderLayerActivations,
  place: AttentionPositions,
  dAttended: Tensor2D,
): Tensor2D {
  const dAttentionOutput = matMul(dAttended, weights.attentionOutput.weight);
  const dOutputs = splitBlocks(config, dAttentionOutput, place);
  const dHeads = attentionBackward(config, heads, place, dOutputs, probabilities);
  const dArranged = joinHeads(config, dHeads, place);
  return arrangeHeadsBackward(config, weights, projectedHeads, dArranged);
}

/** The gradient at the down projection's output, which is computed again where it is normed. */
function downGradient(
  { mlpHidden: down, mlpOutputNorm }: DecoderLayerWeights,
  { mlpHidden }: DecoderLayerActivations,
  dOutput: Tensor2D,
): Tensor2D {
  return mlpOutputNorm ? throughNorm(applyLinear(down, mlpHidden), mlpOutputNorm, dOutput) : dOutput;
}

const placeOf = ({ attentionKind }: DecoderLayerWeights, { kinds }: Positions): AttentionPositions =>
  kinds[attentionKind];

const addNormed = (residual: Tensor2D, norm: NormWeights | null, x: Tensor2D): Tensor2D =>
  add(residual, norm ? normForward(x, norm) : x) as Tensor2D;

const throughNorm = (x: Tensor2D | undefined, norm: NormWeights | null, dy: Tensor2D): Tensor2D =>
  x && norm ? normBackward(x, norm, dy, null) : dy;

export function applyLinear({ weight, bias }: LinearWeights, x: Tensor2D): Tensor2D {
  const y = linearForward(x, weight);
  return bias ? (add(y, bias) as Tensor2D) : y;
}

/** The rows of one sample, [T, width]. */
export const rowsOf = (x: Tensor2D, { start, length }: Segment): Tensor2D =>
  slice(x, [start, 0], [length, x.shape[1]]);
