import { z } from 'zod';
import { UserError } from '../../contract/error.ts';
import { checkJson } from './json-file.ts';

/** Scaling of the rotary frequencies (`rope_scaling` / `rope_parameters` of config.json). */
export type RopeScaling =
  | { readonly type: 'linear'; readonly factor: number }
  | {
      readonly type: 'llama3';
      readonly factor: number;
      readonly lowFreqFactor: number;
      readonly highFreqFactor: number;
      readonly originalMaxPositionEmbeddings: number;
    };

const positive = z.number().positive();
const size = z.int().positive();

const ropeJson = z.looseObject({
  rope_theta: positive.nullish(),
  /** transformers 4: beside `rope_theta`. */
  rope_scaling: z.looseObject({}).nullish(),
  /** transformers 5: holds `rope_theta` and the scaling. */
  rope_parameters: z.looseObject({}).nullish(),
  partial_rotary_factor: positive.nullish(),
  original_max_position_embeddings: size.nullish(),
});

const parametersJson = z.looseObject({
  rope_type: z.string().nullish(),
  /** The older spelling of `rope_type`. */
  type: z.string().nullish(),
  rope_theta: positive.nullish(),
  partial_rotary_factor: positive.nullish(),
});

const linearJson = z.looseObject({ factor: positive });
const llama3Json = z.looseObject({
  factor: positive,
  low_freq_factor: positive,
  high_freq_factor: positive,
  original_max_position_embeddings: size.nullish(),
});

/** The rotary base and scaling of a parsed config.json, whichever version of transformers wrote it. */
export function parseRope(
  json: unknown,
  maxPositionEmbeddings: number,
  file: string,
): { ropeTheta: number; ropeScaling: RopeScaling | null } {
  const config = checkJson(ropeJson, json, file);
  const unsupported = (found: string) =>
    new UserError(
      'CONFIG_UNSUPPORTED',
      `${file}: ${found} is not supported`,
      'Use a model whose rotary embedding is plain, or scaled as "linear" or "llama3".',
    );

  const where = config.rope_scaling ? 'rope_scaling' : 'rope_parameters';
  const raw = config.rope_scaling ?? config.rope_parameters ?? {};
  const parameters = checkJson(parametersJson, raw, `${file}, ${where}`);
  if (
    Object.values(raw).some((value) => typeof value === 'object' && value !== null && !Array.isArray(value))
  ) {
    throw unsupported(`a rotary embedding that differs between layers (${where})`);
  }
  const partial = parameters.partial_rotary_factor ?? config.partial_rotary_factor ?? 1;
  if (partial !== 1) throw unsupported(`a partial rotary embedding (partial_rotary_factor ${partial})`);

  const ropeTheta = parameters.rope_theta ?? config.rope_theta ?? 10000;
  const type = parameters.rope_type ?? parameters.type ?? 'default';
  switch (type) {
    case 'default':
      return { ropeTheta, ropeScaling: null };
    case 'linear': {
      const { factor } = checkJson(linearJson, raw, `${file}, ${where}`);
      return { ropeTheta, ropeScaling: { type, factor } };
    }
    case 'llama3': {
      const llama3 = checkJson(llama3Json, raw, `${file}, ${where}`);
      if (llama3.high_freq_factor <= llama3.low_freq_factor) {
        throw new UserError(
          'CONFIG_INVALID',
          `${file}, ${where}: high_freq_factor ${llama3.high_freq_factor} is not above low_freq_factor ${llama3.low_freq_factor}`,
          'Download the file again from where the model came from.',
        );
      }
      return {
        ropeTheta,
        ropeScaling: {
          type,
          factor: llama3.factor,
          lowFreqFactor: llama3.low_freq_factor,
          highFreqFactor: llama3.high_freq_factor,
          originalMaxPositionEmbeddings:
            config.original_max_position_embeddings ??
            llama3.original_max_position_embeddings ??
            maxPositionEmbeddings,
        },
      };
    }
    default:
      throw unsupported(`rotary scaling of type "${type}"`);
  }
}
