import type { ModelConfig } from './model-config.ts';
import { LAYER_NORMS, type LayerNorm, LINEARS, type Linear } from './tensor-names.ts';

export { LAYER_NORMS, type LayerNorm, LINEARS, type Linear } from './tensor-names.ts';

export const LM_HEAD = 'lm_head.weight';

type Named = Pick<ModelConfig, 'names'>;

/** Names of a weight and, where there is one, of its bias. */
export interface ParameterNames {
  readonly weight: string;
  readonly bias: string | null;
}

export const embeddingWeight = ({ names: { base, embedding } }: Named): string =>
  `${base}${embedding}.weight`;

/** The prunable linear layers of a model's decoder layers, in the order in which they act. */
export const linearsOf = ({ names: { linears } }: Named): Linear[] =>
  LINEARS.filter((linear) => linears[linear] !== undefined);

export const linearWeight = (config: Named, layer: number, linear: Linear): string =>
  `${layerPrefix(config, layer)}${config.names.linears[linear]}.weight`;
export const linearBias = (config: Named, layer: number, linear: Linear): string =>
  `${layerPrefix(config, layer)}${config.names.linears[linear]}.bias`;

export const hasBias = ({ names: { biased } }: Named, linear: Linear): boolean => biased.includes(linear);

/** The norms of a model's decoder layers. */
export const normsOf = ({ names: { norms } }: Named): LayerNorm[] =>
  LAYER_NORMS.filter((norm) => norms[norm] !== undefined);

export const normNames = (config: ModelConfig, layer: number, norm: LayerNorm): ParameterNames =>
  namesOfNorm(config, `${layerPrefix(config, layer)}${config.names.norms[norm]}`);

export const finalNormNames = (config: ModelConfig): ParameterNames =>
  namesOfNorm(config, `${config.names.base}${config.names.finalNorm}`);

/** null where the embeddings are not normed. */
export const embeddingNormNames = (config: ModelConfig): ParameterNames | null =>
  config.names.embeddingNorm === null
    ? null
    : namesOfNorm(config, `${config.names.base}${config.names.embeddingNorm}`);

const namesOfNorm = ({ norm }: ModelConfig, name: string): ParameterNames => ({
  weight: `${name}.weight`,
  bias: norm.kind === 'layer' ? `${name}.bias` : null,
});

const layerPrefix = ({ names: { base, layers } }: Named, layer: number): string =>
  `${base}${layers}.${layer}.`;

/** The width of what a norm is of. */
export const normWidth = ({ hiddenSize, headDim }: ModelConfig, norm: LayerNorm): number =>
  norm === 'queryNorm' || norm === 'keyNorm' ? headDim : hiddenSize;

/** [rows, columns] = [outputs, inputs] of a linear layer's weight. */
export function linearShape(config: ModelConfig, linear: Linear): [number, number] {
  const { hiddenSize, intermediateSize, headDim } = config;
  const attention = config.numAttentionHeads * headDim;
  const keyValue = config.numKeyValueHeads * headDim;
  switch (linear) {
    case 'qProj':
      return [attention, hiddenSize];
    case 'kProj':
    case 'vProj':
      return [keyValue, hiddenSize];
    case 'qkvProj':
      return [attention + 2 * keyValue, hiddenSize];
    case 'oProj':
      return [hiddenSize, attention];
    case 'gateProj':
    case 'upProj':
      return [intermediateSize, hiddenSize];
    case 'gateUpProj':
      return [2 * intermediateSize, hiddenSize];
    case 'downProj':
      return [hiddenSize, intermediateSize];
  }
}
