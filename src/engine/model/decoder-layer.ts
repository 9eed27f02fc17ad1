import type { ModelConfig } from '../checkpoint/config.ts';
import {
  add,
  concat,
  dispose,
  matMul,
  reshape,
  slice,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  tidy,
} from '../tensor/ops.ts';
import { attentionBackward, attentionForward, attentionMask } from './attention.ts';
import type { InputGroup } from './input-groups.ts';
import { rmsNormBackward, rmsNormForward } from './rms-norm.ts';
import { type RotaryTables, rotaryBackward, rotaryForward, rotaryTables } from './rotary-embedding.ts';
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

/** What a micro-batch's attention needs beside the activations. */
export interface Positions {
  readonly segments: readonly Segment[];
  readonly rotary: RotaryTables;
  readonly mask: Tensor2D;
}

export function positionsOf(config: ModelConfig, segments: readonly Segment[]): Positions {
  const longest = Math.max(...segments.map((segment) => segment.length));
  return { segments, rotary: rotaryTables(config, segments), mask: attentionMask(config, longest) };
}

export function disposePositions({ rotary, mask }: Positions): void {
  dispose([rotary.cos, rotary.sin, mask]);
}

/** The input of each group of linear layers, [N, inputs]: what H and the weight gradients are made of. */
export type LinearInputs = Record<InputGroup, Tensor2D>;

/** Everything of a forward pass that the backward pass reads; the caller disposes of it. */
export interface DecoderLayerActivations extends LinearInputs {
  /** The layer's input, [N, hiddenSize]. */
  readonly input: Tensor2D;
  /** Rotated queries [N, H·D], rotated keys and values [N, Hkv·D]. */
  readonly q: Tensor2D;
  readonly k: Tensor2D;
  readonly v: Tensor2D;
  /** The residual stream between attention and MLP, [N, hiddenSize]. */
  readonly residual: Tensor2D;
  /** [N, intermediateSize] each. */
  readonly gate: Tensor2D;
  readonly up: Tensor2D;
  /** Attention probabilities of each sample; empty where they are computed again instead. */
  readonly probabilities: Tensor3D[][];
}

/** The layer up to the down projection's input; `decoderLayerOutput` completes it. */
export function decoderLayerForward(
  config: ModelConfig,
  weights: DecoderLayerWeights,
  input: Tensor2D,
  positions: Positions,
  keepProbabilities = false,
): DecoderLayerActivations {
  return tidy(() => {
    const attentionInput = rmsNormForward(input, weights.inputNorm, config.rmsNormEps);
    const { q, k, v } = rotateQueriesKeys(
      config,
      applyLinear(weights.attentionInput, attentionInput),
      positions,
    );
    const attention = positions.segments.map((segment) =>
      attentionForward(config, rowsOf(q, segment), rowsOf(k, segment), rowsOf(v, segment), positions.mask),
    );
    const attentionOutput = concat(
      attention.map(({ output }) => output),
      0,
    ) as Tensor2D;
    const probabilities = keepProbabilities ? attention.map((each) => each.probabilities) : [];
    const residual = add(input, applyLinear(weights.attentionOutput, attentionOutput)) as Tensor2D;
    const mlpInput = rmsNormForward(residual, weights.postAttentionNorm, config.rmsNormEps);
    const [gate, up] = halvesOf(weights.mlpInput).map((half) => applyLinear(half, mlpInput));
    const mlpHidden = swigluForward(gate, up);
    return {
      input,
      attentionInput,
      q,
      k,
      v,
      attentionOutput,
      residual,
      mlpInput,
      gate,
      up,
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
    const dGateUp = swigluBackward(activations.gate, activations.up, dMlpHidden);
    const dMlpInput = matMul(dGateUp, weights.mlpInput.weight);
    const dResidual = add(
      dOutput,
      rmsNormBackward(activations.residual, weights.postAttentionNorm, config.rmsNormEps, dMlpInput),
    ) as Tensor2D;
    const dAttentionOutput = matMul(dResidual, weights.attentionOutput.weight);
    const dQkv = attentionInputGradient(config, activations, positions, dAttentionOutput);
    const dAttentionInput = matMul(dQkv, weights.attentionInput.weight);
    const input = add(
      dResidual,
      rmsNormBackward(activations.input, weights.inputNorm, config.rmsNormEps, dAttentionInput),
    ) as Tensor2D;
    const outputs = {
      attentionInput: dQkv,
      attentionOutput: dResidual,
      mlpInput: dGateUp,
      mlpHidden: dOutput,
    };
    return { outputs, input };
  });
}

/** Through attention and rotation back to the output of the q, k and v projections, [N, (H + 2·Hkv)·D]. */
function attentionInputGradient(
  config: ModelConfig,
  { q, k, v, attentionOutput, probabilities }: DecoderLayerActivations,
  { segments, rotary, mask }: Positions,
  dAttentionOutput: Tensor2D,
): Tensor2D {
  const bySegment = segments.map((segment, j) =>
    attentionBackward(
      config,
      rowsOf(q, segment),
      rowsOf(k, segment),
      rowsOf(v, segment),
      mask,
      rowsOf(attentionOutput, segment),
      rowsOf(dAttentionOutput, segment),
      probabilities[j] ?? null,
    ),
  );
  const stack = (part: 'dq' | 'dk' | 'dv') =>
    concat(
      bySegment.map((gradients) => gradients[part]),
      0,
    ) as Tensor2D;
  const rotated = concat([stack('dq'), stack('dk')], 1) as Tensor2D;
  const unrotated = reshape(rotaryBackward(toHeads(config, rotated), rotary), rotated.shape);
  return concat([unrotated, stack('dv')], 1) as Tensor2D;
}

/** Splits [N, (H + 2·Hkv)·D] into queries, keys and values, and rotates the first two. */
function rotateQueriesKeys(config: ModelConfig, qkv: Tensor2D, { rotary }: Positions) {
  const [tokens] = qkv.shape;
  const queryWidth = config.numAttentionHeads * config.headDim;
  const keyWidth = config.numKeyValueHeads * config.headDim;
  const columns = (x: Tensor2D, begin: number, width: number) => slice(x, [0, begin], [tokens, width]);
  const queriesKeys = columns(qkv, 0, queryWidth + keyWidth);
  const rotated = reshape(rotaryForward(toHeads(config, queriesKeys), rotary), queriesKeys.shape) as Tensor2D;
  return {
    q: columns(rotated, 0, queryWidth),
    k: columns(rotated, queryWidth, keyWidth),
    v: columns(qkv, queryWidth + keyWidth, keyWidth),
  };
}

/** [N, heads·D] → [N, heads, D] */
const toHeads = (config: ModelConfig, x: Tensor2D): Tensor3D =>
  reshape(x, [x.shape[0], x.shape[1] / config.headDim, config.headDim]) as Tensor3D;

/** The upper and the lower half of the outputs: two products cost less than one and the copies to part its result. */
function halvesOf({ weight, bias }: LinearWeights): LinearWeights[] {
  const [outputs, inputs] = weight.shape;
  const half = outputs / 2;
  return [0, half].map((begin) => ({
    weight: slice(weight, [begin, 0], [half, inputs]),
    bias: bias && slice(bias, [begin], [half]),
  }));
}

function applyLinear({ weight, bias }: LinearWeights, x: Tensor2D): Tensor2D {
  const y = matMul(x, weight, false, true);
  return bias ? (add(y, bias) as Tensor2D) : y;
}

/** The rows of one sample, [T, width]. */
export const rowsOf = (x: Tensor2D, { start, length }: Segment): Tensor2D =>
  slice(x, [start, 0], [length, x.shape[1]]);
