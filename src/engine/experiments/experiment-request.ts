import type { ExperimentName } from '../../contract/experiment.ts';
import type { PruneSettings } from '../../contract/settings.ts';
import type { CompareRequest } from '../comparison/comparison.ts';
import type { TextSource } from '../evaluation/evaluated-text.ts';
import type { BackendName } from '../tensor/backend.ts';

/** What all experiments that prune and measure are given: a comparison without its methods. */
export interface SweepRequest extends Omit<CompareRequest, 'methods' | 'sparsities' | 'keepExact'> {
  readonly experiment: Exclude<ExperimentName, 'similarity' | 'distributions' | 'fisher'>;
  /** Where the points lie, in the experiment's own terms; null: as the paper has them, or as is usual. */
  readonly values: readonly string[] | null;
}

/** A finished run to take masks or importances from. */
export interface NamedRun {
  readonly name: string;
  readonly runDir: string;
}

export interface SimilarityRequest {
  readonly experiment: 'similarity';
  /** Two or more over the same model. */
  readonly runs: readonly NamedRun[];
  /** In place of the runs' own. */
  readonly changes: Partial<Pick<PruneSettings, 'sparsity' | 'criterion' | 'mu'>>;
}

export interface DistributionsRequest {
  readonly experiment: 'distributions';
  readonly runs: readonly NamedRun[];
}

export interface FisherRequest {
  readonly experiment: 'fisher';
  readonly modelDir: string;
  /** Cut into sequences; only the first `samples` are used. */
  readonly source: TextSource;
  readonly samples: number;
  readonly sequenceLength: number;
  /** Weights of each matrix whose second derivative is computed. */
  readonly weightsPerMatrix: number;
  readonly seed: number;
  readonly backend: BackendName | null;
}

export type ExperimentRequest = SweepRequest | SimilarityRequest | DistributionsRequest | FisherRequest;
