import type { ModelConfig } from '../model-config.ts';
import type { TensorNames } from '../tensor-names.ts';

/** A family of models: how to tell one by its config.json, and what that says of it. */
export interface Family {
  readonly modelType: string;
  /** Classes of transformers whose weights this is; the first is the one that it is known by. */
  readonly architectures: readonly string[];
  /** What its tensors are called; a config may add biases. */
  readonly names: TensorNames;
  /** @throws UserError CONFIG_INVALID, CONFIG_UNSUPPORTED */
  parse(json: unknown, file: string): Omit<ModelConfig, 'modelType'>;
}
