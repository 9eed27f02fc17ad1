import { z } from 'zod';
import { type PruneSettings, pruneSettings } from '../../contract/settings.ts';
import type { EvaluatedText, ReadingOptions, TextSource } from '../evaluation/evaluated-text.ts';
import type { FigureDifference } from '../evaluation/paired-bootstrap.ts';
import type { TaskFacts, TaskSource } from '../evaluation/tasks/prepared-task.ts';
import { taskOutcomes } from '../evaluation/tasks/task-outcomes.ts';
import type { FigureResult } from '../evaluation/tasks/task-result.ts';
import type { CalibrationSource } from '../run/calibration-source.ts';
import type { RunRecord } from '../run/run-record.ts';
import type { BackendName } from '../tensor/backend.ts';

/** A method with the settings in which it differs from those that all methods of a comparison share. */
export interface MethodVariant {
  /** As the person wrote it. */
  readonly name: string;
  readonly settings: Partial<PruneSettings>;
}

export interface CompareRequest extends ReadingOptions {
  readonly modelDir: string;
  /** Keeps finished rows and the scores, so that a second start goes on. */
  readonly workDir: string;
  readonly methods: readonly MethodVariant[];
  readonly sparsities: readonly number[];
  /** Of all methods, where a method does not say otherwise. */
  readonly settings: PruneSettings;
  readonly calibration: CalibrationSource;
  readonly texts: readonly (TextSource & { readonly name: string })[];
  readonly tasks?: readonly TaskSource[];
  /** So many items of each task, drawn by the settings' seed; null, or absent: all. */
  readonly items?: number | null;
  /** Tokens that a summary may have; null, or absent: as the task says. */
  readonly maxNewTokens?: number | null;
  /** null: the best that works. */
  readonly backend: BackendName | null;
  /** Leaves the float32 importances with the runs in the work folder, so that runs of other settings can borrow them. */
  readonly keepExact?: boolean;
  /** Folders of runs beside the work folder whose scores may be borrowed. */
  readonly lenders?: readonly string[];
}

const tokenCount = z.object({ sha256: z.string(), samples: z.int(), tokens: z.int() });

/** One model measured: the dense one, or what a method made of it. */
export const measuredModel = z.object({
  /** The method as it was written; `dense` for the model as it is. */
  method: z.string(),
  /** null for the dense model. */
  settings: pruneSettings.nullable(),
  /** Of the prunable weights, counted in what was measured. */
  zeros: z.int(),
  size: z.int(),
  /** On each text, in their order. */
  perplexities: z.array(
    z.object({ perplexity: z.number(), meanNll: z.number(), scoredTokens: z.int(), windows: z.int() }),
  ),
  /** On each task, in their order. */
  tasks: z.array(taskOutcomes).default([]),
  seconds: z.object({
    /** The passes over the texts for the scores; rows that share scores have the same figure. */
    scoring: z.number(),
    /** Choosing the weights that go, layer by layer where the method does so. */
    pruning: z.number(),
    measuring: z.number(),
  }),
  /** What Wanda, SparseGPT, compensation or OWL saw. */
  mixTokens: tokenCount.nullable(),
  /** What a person should know. */
  notes: z.array(z.string()),
});
export type MeasuredModel = z.infer<typeof measuredModel>;

export interface ComparisonRow extends Omit<MeasuredModel, 'perplexities' | 'tasks'> {
  /** Fraction of the prunable weights that is zero, counted. */
  readonly sparsity: number;
  /** By the name of the text. */
  readonly perplexities: Readonly<
    Record<
      string,
      MeasuredModel['perplexities'][number] & {
        /** Over the dense model's, less 1. */
        readonly change: number;
      }
    >
  >;
  /** By the task's label; differences are to the dense model, on the same items. */
  readonly tasks: Readonly<Record<string, readonly FigureResult[]>>;
}

/** Two methods at one sparsity on the same items of a task. */
export interface MethodPair extends Pick<FigureResult, 'name' | 'better'> {
  /** Of the task. */
  readonly label: string;
  /** As it was asked for. */
  readonly sparsity: number;
  readonly method: string;
  readonly rival: string;
  /** How much higher the method's figure is than the rival's. */
  readonly difference: FigureDifference;
}

export interface CompareReport {
  readonly appVersion: string;
  readonly finishedAt: string;
  readonly modelDir: string;
  readonly modelFingerprint: string;
  readonly backend: string;
  /** What the methods share. */
  readonly settings: PruneSettings;
  readonly domainTokens: RunRecord['domainTokens'];
  readonly openTokens: RunRecord['openTokens'];
  /** How the calibration was put together; never its text. */
  readonly calibration: unknown;
  readonly texts: readonly (Omit<EvaluatedText, 'windows'> & { readonly name: string })[];
  readonly tasks: readonly TaskFacts[];
  /** The dense model first; then by sparsity, the methods in the order given. */
  readonly rows: readonly ComparisonRow[];
  /** Of each task the leading figure, for every two methods at one sparsity. */
  readonly pairs: readonly MethodPair[];
  readonly workDir: string;
  readonly peakMemoryBytes: number;
}
