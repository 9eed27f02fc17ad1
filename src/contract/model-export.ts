import { z } from 'zod';
import { problem } from './problem.ts';
import { textResult } from './result.ts';
import { pruneSettings } from './settings.ts';

/** `huggingface`: the dense folder with zeros in it, verified by reading it back. */
export const EXPORT_FORMATS = ['huggingface'] as const;

const shape = pruneSettings.shape;
/** What of the mask is to be other than in the run; what is left out stays. */
export const maskChanges = z.strictObject({
  sparsity: shape.sparsity.unwrap().optional(),
  mu: shape.mu.unwrap().optional(),
  blocking: shape.blocking.unwrap().optional(),
  blockSize: shape.blockSize.unwrap().optional(),
  criterion: shape.criterion.unwrap().optional(),
});
export type MaskChangesInput = z.infer<typeof maskChanges>;

export const exportRequest = z.strictObject({
  runId: z.int(),
  outDir: z.string().min(1),
  format: z.enum(EXPORT_FORMATS).default('huggingface'),
  changes: maskChanges.default({}),
  /** Measure it on the run's texts, for the curve of perplexity against sparsity. */
  measure: z.boolean().default(false),
});
export type ExportRequestInput = z.input<typeof exportRequest>;

/** Another model made of a run's scores, without calibrating again. */
export const modelExport = z.object({
  id: z.int(),
  runId: z.int(),
  status: z.enum(['running', 'finished', 'failed', 'cancelled']),
  createdAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  outDir: z.string(),
  format: z.enum(EXPORT_FORMATS),
  sparsity: z.number(),
  mu: z.number(),
  /** Files done, of how many; for `measure` the layers of the text at work. */
  progress: z.object({ stage: z.string(), done: z.number(), total: z.number() }).nullable(),
  /** Counted in the written files. */
  zeros: z.int().nullable(),
  size: z.int().nullable(),
  elapsedMs: z.number(),
  texts: z.array(textResult),
  problem: problem.nullable(),
});
export type ModelExport = z.infer<typeof modelExport>;
