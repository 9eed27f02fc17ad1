import { hashFile } from '../../calibration/hash-file.ts';
import type { ReadingOptions } from '../evaluated-text.ts';
import type { ScoredWindow } from '../perplexity.ts';
import type { TokenizedSummaries } from './generated-summaries.ts';
import type { TaskDefinition } from './task-definition.ts';
import type { ChoiceItem } from './task-items.ts';
import type { TokenizedChoice } from './tokenized-choices.ts';

/** A task and the files with its items. */
export interface TaskSource {
  /** A task that comes with the program, or a task file. */
  readonly task: string;
  /** What reports call it; null: the task's own name. */
  readonly label: string | null;
  readonly files: readonly string[];
}

/** The window is what a model sees at once, of prompts too; stride and most tokens are for perplexity. */
export interface TaskOptions extends ReadingOptions {
  /** So many items of each task, drawn by the seed; null: all. */
  readonly items: number | null;
  readonly seed: number;
  /** Tokens that a summary may have; null, or absent: as the task says. */
  readonly maxNewTokens?: number | null;
}

export interface TaskFile {
  readonly path: string;
  readonly sha256: string;
}

/** All that a task's figures depend on, beside the model; it holds no text. */
export interface TaskFacts {
  readonly label: string;
  readonly definition: TaskDefinition;
  readonly files: readonly TaskFile[];
  /** Items measured, and how many the files have; of perplexity windows of the text. */
  readonly items: number;
  readonly ofItems: number;
  readonly seed: number;
  /** Tokens the model sees at once. */
  readonly contextLength: number;
  /** Of perplexity alone. */
  readonly stride: number | null;
  readonly maxTokens: number | null;
  /** Tokens whose probability counts; null where texts are generated. */
  readonly scoredTokens: number | null;
  /** Prompts whose beginning was cut off since they are longer than the context. */
  readonly truncated: number;
}

export type TaskContent =
  | {
      readonly kind: 'choice';
      readonly items: readonly ChoiceItem[];
      /** Of each item. */
      readonly tokens: readonly TokenizedChoice[];
    }
  | { readonly kind: 'summary'; readonly summaries: TokenizedSummaries }
  | { readonly kind: 'perplexity'; readonly windows: readonly ScoredWindow[] };

/** A task's items as a model with this tokenizer reads them. */
export interface PreparedTask {
  readonly facts: TaskFacts;
  readonly content: TaskContent;
}

export const hashFiles = (paths: readonly string[]): Promise<TaskFile[]> =>
  Promise.all(paths.map(async (path) => ({ path, sha256: await hashFile(path) })));
