import { z } from 'zod';
import { SWEEPS } from './experiment.ts';
import { BACKEND_NAMES, calibrationRequest, evaluationRequest } from './run-request.ts';
import { pruneSettings } from './settings.ts';

const shared = {
  /** As the list of experiments shows it; need not be unique. */
  name: z.string().min(1).max(200),
};
const backend = z.enum(BACKEND_NAMES).nullable().default(null);
const runIds = z.array(z.int()).max(8);

/** A model is pruned again and again, each time with one thing changed, and measured like a run. */
const sweepRequest = z.strictObject({
  ...shared,
  experiment: z.enum(SWEEPS),
  modelDir: z.string().min(1),
  /** What the points share. The method is D-Pruner's, or the point's own, whatever these say. */
  settings: pruneSettings,
  calibration: calibrationRequest,
  evaluation: evaluationRequest,
  backend,
  /** Where the points lie, in the experiment's own terms; null: the usual ones. */
  values: z.array(z.string().min(1).max(200)).min(1).max(50).nullable().default(null),
  /** A run whose scores are taken over where they would come out the same. */
  lender: z.int().nullable().default(null),
});
export type SweepRequest = z.infer<typeof sweepRequest>;

/** What the masks of finished runs over one model have in common. */
const similarityRequest = z.strictObject({
  ...shared,
  experiment: z.literal('similarity'),
  runIds: runIds.min(2),
});

/** The importances that finished runs over one model have kept. */
const distributionsRequest = z.strictObject({
  ...shared,
  experiment: z.literal('distributions'),
  runIds: runIds.min(1),
});

/** The empirical Fisher of a small model against its exact second derivatives. */
const fisherRequest = z.strictObject({
  ...shared,
  experiment: z.literal('fisher'),
  modelDir: z.string().min(1),
  text: z.string().min(1),
  samples: z.int().positive().default(16),
  sequenceLength: z.int().min(2).default(128),
  /** Weights drawn from each matrix. */
  weights: z.int().positive().default(16),
  seed: z.int().min(0).default(0),
  backend,
});

/** Everything that an experiment is started with, and kept with it. */
export const experimentRequest = z.discriminatedUnion('experiment', [
  sweepRequest,
  similarityRequest,
  distributionsRequest,
  fisherRequest,
]);
export type ExperimentRequest = z.infer<typeof experimentRequest>;
export type ExperimentRequestInput = z.input<typeof experimentRequest>;
