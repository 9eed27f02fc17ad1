import { z } from 'zod';
import { experimentRequest } from '../../contract/experiment-request.ts';
import { exportRequest } from '../../contract/model-export.ts';
import { problem } from '../../contract/problem.ts';
import { textResult } from '../../contract/result.ts';
import { RUN_STEPS, workProgress } from '../../contract/run-progress.ts';
import { runRequest } from '../../contract/run-request.ts';
import { runOutcome } from '../../history/run-outcome.ts';

/** Where a run's worker finds and leaves things. */
const places = {
  /** The engine's run folder. */
  engineRun: z.string(),
  distributions: z.string(),
};

/** What a worker is started for. */
export const workerJob = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('run'),
    runId: z.int(),
    request: runRequest,
    /** What earlier attempts have got to. */
    outcome: runOutcome,
    presetFile: z.string(),
    ...places,
  }),
  z.strictObject({
    kind: z.literal('export'),
    runId: z.int(),
    request: runRequest,
    outcome: runOutcome,
    export: exportRequest,
    ...places,
  }),
  z.strictObject({
    kind: z.literal('experiment'),
    request: experimentRequest,
    /** The engine's run folders that it looks into or takes scores over from, each with its run's name. */
    runs: z.array(z.strictObject({ name: z.string(), runDir: z.string() })),
    workDir: z.string(),
    presetFile: z.string(),
    reportFile: z.string(),
  }),
]);
export type WorkerJob = z.infer<typeof workerJob>;
export type RunJob = Extract<WorkerJob, { kind: 'run' }>;
export type ExportJob = Extract<WorkerJob, { kind: 'export' }>;
export type ExperimentJob = Extract<WorkerJob, { kind: 'experiment' }>;

/** To a worker. */
export const workerOrder = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('start'), job: workerJob }),
  /** Stop after the step at work; finished layers stay. */
  z.strictObject({ kind: z.literal('stop') }),
]);
export type WorkerOrder = z.infer<typeof workerOrder>;

export const datasetUse = z.object({
  part: z.string(),
  path: z.string(),
  sha256: z.string(),
  bytes: z.int(),
});

/** How far a worker is; an experiment has no steps. */
const workerProgress = workProgress.extend({ step: z.enum(RUN_STEPS).nullable() });
export type WorkerProgress = z.infer<typeof workerProgress>;

/** From a worker. */
export const workerReport = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('progress'), progress: workerProgress }),
  /** What it reads, by hash, before it computes. */
  z.strictObject({
    kind: z.literal('inputs'),
    datasets: z.array(datasetUse),
    modelFingerprint: z.string(),
  }),
  z.strictObject({ kind: z.literal('outcome'), outcome: runOutcome }),
  z.strictObject({
    kind: z.literal('exported'),
    size: z.int(),
    zeros: z.int(),
    texts: z.array(textResult),
  }),
  z.strictObject({ kind: z.literal('finished') }),
  z.strictObject({ kind: z.literal('stopped') }),
  /** `where`: the frames of an unexpected error, for the log. */
  z.strictObject({ kind: z.literal('refused'), problem, where: z.string() }),
]);
export type WorkerReport = z.infer<typeof workerReport>;
