import { z } from 'zod';

const choiceOutcome = z.object({
  /** Of each option, nats. */
  logProbabilities: z.array(z.number()),
  /** Of each option. */
  tokens: z.array(z.int()),
  /** Index of the right option. */
  truth: z.int(),
  /** What each option stands for, in figures by class. */
  classes: z.array(z.int()),
});
export type ChoiceOutcome = z.infer<typeof choiceOutcome>;

const summaryOutcome = z.object({
  /** F1 of each. */
  rouge1: z.number(),
  rouge2: z.number(),
  rougeL: z.number(),
  newTokens: z.int(),
});
export type SummaryOutcome = z.infer<typeof summaryOutcome>;

const windowOutcome = z.object({
  /** Negative log-likelihood of the window's scored tokens, nats. */
  nll: z.number(),
  tokens: z.int(),
});
export type WindowOutcome = z.infer<typeof windowOutcome>;

/** What a model made of each item of a task, in numbers; the texts are not in it. */
export const taskOutcomes = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('choice'), items: z.array(choiceOutcome) }),
  z.object({ kind: z.literal('summary'), items: z.array(summaryOutcome) }),
  z.object({ kind: z.literal('perplexity'), items: z.array(windowOutcome) }),
]);
export type TaskOutcomes = z.infer<typeof taskOutcomes>;
