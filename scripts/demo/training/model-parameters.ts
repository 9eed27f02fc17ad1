import type { Random } from '../../../src/engine/calibration/random.ts';
import type { ModelConfig } from '../../../src/engine/checkpoint/config.ts';
import { groupShape, INPUT_GROUPS, type InputGroup } from '../../../src/engine/model/input-groups.ts';
import { standardNormal } from './standard-normal.ts';

/** A trainable tensor, row-major; or its gradient, in the same shape. */
export interface Parameter {
  readonly shape: readonly number[];
  readonly values: Float32Array<ArrayBuffer>;
}

export interface LayerParameters extends Record<InputGroup, Parameter> {
  readonly inputNorm: Parameter;
  readonly mlpInputNorm: Parameter;
}

/** All parameters of a model whose head is its embedding; linear layers that share an input are one matrix. */
export interface ModelParameters {
  /** [vocabSize, hiddenSize] */
  readonly embedding: Parameter;
  readonly layers: readonly LayerParameters[];
  /** [hiddenSize] */
  readonly finalNorm: Parameter;
}

/** Standard deviation of the initial weights. */
const INITIAL_DEVIATION = 0.02;

/**
 * As GPT-2 begins (Radford et al. 2019): normal with deviation 0.02, the two projections that add to the residual
 * stream scaled by 1/√(2·layers); norms are 1.
 */
export function initialParameters(config: ModelConfig, random: Random): ModelParameters {
  const normal = (shape: readonly number[], deviation: number): Parameter => {
    const parameter = zeroParameter(shape);
    for (let i = 0; i < parameter.values.length; i++)
      parameter.values[i] = deviation * standardNormal(random);
    return parameter;
  };
  const norm = (): Parameter => {
    const parameter = zeroParameter([config.hiddenSize]);
    parameter.values.fill(1);
    return parameter;
  };
  const intoResidual = INITIAL_DEVIATION / Math.sqrt(2 * config.numHiddenLayers);
  const layer = (): LayerParameters => ({
    inputNorm: norm(),
    mlpInputNorm: norm(),
    attentionInput: normal(groupShape(config, 'attentionInput'), INITIAL_DEVIATION),
    attentionOutput: normal(groupShape(config, 'attentionOutput'), intoResidual),
    mlpInput: normal(groupShape(config, 'mlpInput'), INITIAL_DEVIATION),
    mlpHidden: normal(groupShape(config, 'mlpHidden'), intoResidual),
  });
  return {
    embedding: normal([config.vocabSize, config.hiddenSize], INITIAL_DEVIATION),
    layers: Array.from({ length: config.numHiddenLayers }, layer),
    finalNorm: norm(),
  };
}

/** Zeros in the shape of every parameter: where gradients, or moments, are added up. */
export function zerosLike(parameters: ModelParameters): ModelParameters {
  const zeros = ({ shape }: Parameter) => zeroParameter(shape);
  return {
    embedding: zeros(parameters.embedding),
    layers: parameters.layers.map((layer) => ({
      inputNorm: zeros(layer.inputNorm),
      mlpInputNorm: zeros(layer.mlpInputNorm),
      attentionInput: zeros(layer.attentionInput),
      attentionOutput: zeros(layer.attentionOutput),
      mlpInput: zeros(layer.mlpInput),
      mlpHidden: zeros(layer.mlpHidden),
    })),
    finalNorm: zeros(parameters.finalNorm),
  };
}

/** The parameters in an order of their own, the same for a model, its gradients and its moments. */
export const listParameters = ({ embedding, layers, finalNorm }: ModelParameters): Parameter[] => [
  embedding,
  ...layers.flatMap((layer) => [
    layer.inputNorm,
    layer.mlpInputNorm,
    ...INPUT_GROUPS.map((group) => layer[group]),
  ]),
  finalNorm,
];

const zeroParameter = (shape: readonly number[]): Parameter => ({
  shape,
  values: new Float32Array(shape.reduce((size, length) => size * length, 1)),
});
