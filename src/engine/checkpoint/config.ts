import { z } from 'zod';
import { UserError } from '../../contract/error.ts';
import { bloom } from './families/bloom.ts';
import type { Family } from './families/family.ts';
import { gemma2 } from './families/gemma2.ts';
import { gemma3 } from './families/gemma3.ts';
import { llama } from './families/llama.ts';
import { mistral } from './families/mistral.ts';
import { phi3 } from './families/phi3.ts';
import { qwen2 } from './families/qwen2.ts';
import { qwen3 } from './families/qwen3.ts';
import { smollm3 } from './families/smollm3.ts';
import { checkJson } from './json-file.ts';
import type { ModelConfig } from './model-config.ts';
import { LINEARS, type Linear } from './tensor-names.ts';

export type { ModelConfig } from './model-config.ts';
export type { RopeScaling } from './rope-scaling.ts';

/** Every family that the engine computes. */
export const FAMILIES: readonly Family[] = [
  llama,
  mistral,
  qwen2,
  qwen3,
  smollm3,
  phi3,
  gemma2,
  gemma3,
  bloom,
];

const familyJson = z.looseObject({
  model_type: z.string(),
  architectures: z.array(z.string()).nullish(),
  quantization_config: z.unknown().optional(),
});

/**
 * Reads a parsed config.json as transformers would, with its defaults for absent keys.
 * `file` is named in errors: CONFIG_INVALID for a value that makes no sense, CONFIG_UNSUPPORTED for a model that
 * does something this engine does not compute.
 */
export function parseModelConfig(json: unknown, file: string): ModelConfig {
  const { model_type: modelType, architectures, quantization_config } = checkJson(familyJson, json, file);
  const family = FAMILIES.find((one) => one.modelType === modelType);
  const isRight =
    !architectures?.length || architectures.some((name) => family?.architectures.includes(name));
  if (!family || !isRight) throw unknownFamily(modelType, architectures ?? [], file);
  if (quantization_config != null) {
    throw new UserError(
      'CONFIG_UNSUPPORTED',
      `${file}: the weights are quantised (quantization_config is set), but F32, F16 or BF16 weights are needed`,
      'Use the original, unquantised release of this model.',
    );
  }
  return { modelType, ...family.parse(json, file) };
}

/** Which linear layer of any family's decoder layers a weight is, by its name; null for other weights. */
export function linearNamed(weightName: string): Linear | null {
  const [, module] = /\.\d+\.(.+)\.weight$/.exec(weightName) ?? [];
  const isNamed = (linear: Linear) => FAMILIES.some(({ names }) => names.linears[linear] === module);
  return module === undefined ? null : (LINEARS.find(isNamed) ?? null);
}

function unknownFamily(modelType: string, architectures: readonly string[], file: string): UserError {
  const known = FAMILIES.map((family) => `${family.modelType} (${family.architectures[0]})`).join(', ');
  return new UserError(
    'CONFIG_UNSUPPORTED_ARCHITECTURE',
    `${file}: a model of type "${modelType}" (${architectures.join(', ') || 'architectures not given'}) is not supported`,
    `Use one of: ${known}.`,
  );
}
