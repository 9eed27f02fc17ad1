import { z } from 'zod';

/** A task that the dense and the pruned model are measured on. */
export const evaluationTask = z.strictObject({
  /** One that comes with the program (`tasks.list`). */
  task: z.string().min(1),
  /** As tables call it. */
  name: z.string().min(1),
  files: z.array(z.string().min(1)).min(1),
});

/** A task as the application lists it. */
export const taskEntry = z.object({
  name: z.string(),
  title: z.string(),
  /** What it asks, and what its files hold. */
  description: z.string(),
  kind: z.enum(['choice', 'summary', 'perplexity']),
});
export type TaskEntry = z.infer<typeof taskEntry>;

export const FIGURE_NAMES = ['perplexity', 'accuracy', 'macroF1', 'rouge1', 'rouge2', 'rougeL'] as const;
export type FigureName = (typeof FIGURE_NAMES)[number];

const estimate = { value: z.number(), low: z.number(), high: z.number() };

/** One figure of both models with 95 % intervals: of other items of the same kind, and of the difference on these. */
export const taskFigure = z.object({
  name: z.enum(FIGURE_NAMES),
  better: z.enum(['higher', 'lower']),
  /** What is reached without knowing anything; null where that has no meaning. */
  chance: z.number().nullable(),
  dense: z.object(estimate),
  /** null until the pruned model is measured. */
  pruned: z
    .object({
      ...estimate,
      level: z.enum(['below chance', 'at chance', 'above chance']).nullable(),
      /** Pruned minus dense on the same items. */
      difference: z.object({ ...estimate, distinguishable: z.boolean() }),
    })
    .nullable(),
});

/** The dense and the pruned model on one task, with all that its figures depend on; it holds no text. */
export const taskResult = z.object({
  name: z.string(),
  task: z.string(),
  title: z.string(),
  files: z.array(z.object({ path: z.string(), sha256: z.string() })),
  items: z.int(),
  ofItems: z.int(),
  /** Of the items that are drawn, and of the intervals. */
  seed: z.int(),
  contextLength: z.int(),
  stride: z.int().nullable(),
  maxTokens: z.int().nullable(),
  /** Prompts whose beginning was cut off. */
  truncated: z.int(),
  backend: z.string(),
  figures: z.array(taskFigure),
});
export type TaskResult = z.infer<typeof taskResult>;
