import { z } from 'zod';
import { problem } from './problem.ts';

/** What the headers of a model's folder say. Where something is wrong, `problems` says what and the rest may be null. */
export const modelInspection = z.object({
  dir: z.string(),
  /** Empty for a model that can be pruned. */
  problems: z.array(problem),
  /** What does not stand in the way, a sentence each: no tokenizer needed for token files, no licence stated. */
  notes: z.array(z.string()),
  /** config.json's `model_type`, for example `llama`. */
  family: z.string().nullable(),
  architecture: z.string().nullable(),
  parameters: z.int().nullable(),
  /** Weights of the linear layers, which alone are pruned. */
  prunableParameters: z.int().nullable(),
  layers: z.int().nullable(),
  hiddenSize: z.int().nullable(),
  vocabSize: z.int().nullable(),
  /** Of most of its weights, as safetensors calls it: F32, F16, BF16. */
  dtype: z.string().nullable(),
  /** Tokens (max_position_embeddings). */
  contextLength: z.int().nullable(),
  /** As the model card states it, or the name of the licence file; null where neither is there. */
  licence: z.string().nullable(),
  sizeBytes: z.int().nullable(),
  weightFiles: z.int().nullable(),
  hasTokenizer: z.boolean(),
  /** Identifies config, headers, sizes and times of the weight files. */
  fingerprint: z.string().nullable(),
});
export type ModelInspection = z.infer<typeof modelInspection>;

/** A model that the application remembers. */
export const knownModel = z.object({
  /** `demo`, or a number as text. */
  id: z.string(),
  /** The folder's name, or what the person called it. */
  name: z.string(),
  isDemo: z.boolean(),
  addedAt: z.iso.datetime(),
  /** As it was when it was added, but for `problems`: those are of now. */
  inspection: modelInspection,
});
export type KnownModel = z.infer<typeof knownModel>;
