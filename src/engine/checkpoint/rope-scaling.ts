import { z } from 'zod';
import { UserError } from '../../contract/error.ts';
import { checkJson } from './json-file.ts';
import type { Rope } from './model-config.ts';

/** Scaling of the rotary frequencies (`rope_scaling` / `rope_parameters` of config.json). */
export type RopeScaling =
  | { readonly type: 'linear'; readonly factor: number }
  | {
      readonly type: 'llama3';
      readonly factor: number;
      readonly lowFreqFactor: number;
      readonly highFreqFactor: number;
      readonly originalMaxPositionEmbeddings: number;
    }
  | {
      readonly type: 'longrope';
      /** What each frequency is divided by in texts up to the original length, and in longer ones; [headDim/2] */
      readonly shortFactor: readonly number[];
      readonly longFactor: readonly number[];
      readonly originalMaxPositionEmbeddings: number;
      /** Cosines and sines are multiplied by it. */
      readonly attentionFactor: number;
    };

/** How a family's config.json speaks of its rotary embedding, beside what all families do. */
export interface RopeDefaults {
  /** The base where none is given. */
  readonly theta?: number;
  /** Its models may rotate part of a head: see `rotaryShare`. */
  readonly partial?: boolean;
  /** Its models may be scaled by LongRoPE; by the given names too. */
  readonly longRope?: {
    readonly alsoNamed: readonly string[];
    readonly originalMaxPositionEmbeddings: number;
  };
}

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

const longRopeJson = z.looseObject({
  short_factor: z.array(positive),
  long_factor: z.array(positive),
  factor: positive.nullish(),
  attention_factor: positive.nullish(),
  original_max_position_embeddings: size.nullish(),
});

/** The rotary base and scaling of a parsed config.json, whichever version of transformers wrote it. */
export function parseRope(
  json: unknown,
  maxPositionEmbeddings: number,
  file: string,
  defaults: RopeDefaults = {},
): Rope {
  const config = checkJson(ropeJson, json, file);
  const unsupported = (found: string) =>
    new UserError(
      'CONFIG_UNSUPPORTED',
      `${file}: ${found} is not supported`,
      `Use a model whose rotary embedding is plain, or scaled as "linear"${defaults.longRope ? ', "longrope"' : ''} or "llama3".`,
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
  if (partial !== 1 && !defaults.partial)
    throw unsupported(`a partial rotary embedding (partial_rotary_factor ${partial})`);

  const theta = parameters.rope_theta ?? config.rope_theta ?? defaults.theta ?? 10000;
  const type = parameters.rope_type ?? parameters.type ?? 'default';
  if (defaults.longRope && ['longrope', ...defaults.longRope.alsoNamed].includes(type)) {
    const given = checkJson(longRopeJson, raw, `${file}, ${where}`);
    const original =
      given.original_max_position_embeddings ??
      config.original_max_position_embeddings ??
      defaults.longRope.originalMaxPositionEmbeddings;
    return { theta, scaling: longRope(given, maxPositionEmbeddings, original) };
  }
  switch (type) {
    case 'default':
      return { theta, scaling: null };
    case 'linear': {
      const { factor } = checkJson(linearJson, raw, `${file}, ${where}`);
      return { theta, scaling: { type, factor } };
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
        theta,
        scaling: {
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

/** Which part of a head's dimensions is rotated. */
export function rotaryShare(json: unknown, file: string): number {
  const config = checkJson(ropeJson, json, file);
  const parameters = checkJson(parametersJson, config.rope_scaling ?? config.rope_parameters ?? {}, file);
  return parameters.partial_rotary_factor ?? config.partial_rotary_factor ?? 1;
}

/** Microsoft's LongRoPE as transformers reads it. */
function longRope(
  given: z.infer<typeof longRopeJson>,
  maxPositionEmbeddings: number,
  originalMaxPositionEmbeddings: number,
): RopeScaling {
  const factor = given.factor ?? maxPositionEmbeddings / originalMaxPositionEmbeddings;
  const usual = factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(originalMaxPositionEmbeddings));
  return {
    type: 'longrope',
    shortFactor: given.short_factor,
    longFactor: given.long_factor,
    originalMaxPositionEmbeddings,
    attentionFactor: given.attention_factor ?? usual,
  };
}
