import type { Domain } from './corpus/demo-corpus.ts';
import type { TrainingPoint } from './training/train-model.ts';

/** How large a part of the corpus is. */
export interface CorpusPart {
  readonly texts: number;
  readonly characters: number;
}

/** A perplexity and how it was measured. */
export interface TestPerplexity {
  readonly perplexity: number;
  readonly scoredTokens: number;
  readonly window: number;
  readonly stride: number;
}

/** What the training measured; written beside the model as training.json, and the only source of the card's figures. */
export interface TrainingRecord {
  readonly seed: number;
  readonly backend: string;
  readonly node: string;
  readonly parameters: number;
  readonly packages: Record<string, string>;
  readonly corpus: Record<
    Domain,
    Record<'train' | 'calibration' | 'test', CorpusPart> & { trainingTokens: number }
  >;
  readonly training: Readonly<Record<string, unknown>>;
  readonly curve: readonly TrainingPoint[];
  readonly testPerplexity: Record<Domain, TestPerplexity>;
}
