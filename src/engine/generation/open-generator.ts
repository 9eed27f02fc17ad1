import { UserError } from '../../contract/error.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { generateGroup } from './generate-group.ts';
import { disposeGenerationModel, loadGenerationModel } from './generation-model.ts';
import { weightsFit } from './layer-source.ts';
import { groupPrompts } from './prompt-groups.ts';
import { stopIdsOf } from './stop-ids.ts';

export interface GenerateOptions {
  readonly maxNewTokens: number;
  /** Ids that end a text; the model's own where they are not given. */
  readonly stopIds?: readonly number[];
  /** Aborted: Interrupted is thrown within a token. */
  readonly signal?: AbortSignal;
  /** Called with each new token and the index of its prompt. */
  readonly onToken?: (id: number, prompt: number) => void;
}

/** Continues texts, each time by the most likely token. */
export interface Generator {
  /** Whether all weights are in memory; if not, each token reads them from the disk. */
  readonly weightsInMemory: boolean;
  /**
   * The new tokens of each prompt, in the order of the prompts; the id that ended a text is not among them.
   * @throws UserError PROMPT_EMPTY, PROMPT_TOO_LONG, TOKEN_OUTSIDE_VOCABULARY; Interrupted
   */
  generate(prompts: readonly ArrayLike<number>[], options: GenerateOptions): Promise<number[][]>;
  close(): Promise<void>;
}

/**
 * Loads a model to generate with, on the current backend. The checkpoint stays open until the generator is closed; it is
 * the caller's to close.
 * @param inMemory whether to hold all weights in memory; else as the machine's free memory allows
 */
export async function openGenerator(
  checkpoint: Checkpoint,
  inMemory = weightsFit(checkpoint),
): Promise<Generator> {
  const ownStopIds = await stopIdsOf(checkpoint.dir);
  const model = await loadGenerationModel(checkpoint, inMemory);
  return {
    weightsInMemory: inMemory,
    async generate(prompts, options) {
      const ids = prompts.map((prompt) => Int32Array.from(prompt));
      assertPrompts(checkpoint, ids, options.maxNewTokens);
      const stops = new Set(options.stopIds ?? ownStopIds);
      const results: number[][] = ids.map(() => []);
      for (const group of groupPrompts(checkpoint.config, ids, options.maxNewTokens)) {
        await generateGroup(model, group, results, { ...options, stops });
      }
      return results;
    },
    close: () => disposeGenerationModel(model),
  };
}

function assertPrompts({ config }: Checkpoint, prompts: readonly Int32Array[], maxNewTokens: number): void {
  const { maxPositionEmbeddings, vocabSize } = config;
  for (const [i, prompt] of prompts.entries()) {
    if (prompt.length === 0) {
      throw new UserError('PROMPT_EMPTY', `Prompt ${i + 1} has no token.`, 'Give at least one word.');
    }
    if (prompt.length + maxNewTokens > maxPositionEmbeddings) {
      throw new UserError(
        'PROMPT_TOO_LONG',
        `Prompt ${i + 1} has ${prompt.length} tokens; with ${maxNewTokens} new ones that is more than the ${maxPositionEmbeddings} that the model takes (max_position_embeddings).`,
        'Give a shorter prompt, or ask for fewer new tokens.',
      );
    }
    const outside = prompt.find((id) => id < 0 || id >= vocabSize);
    if (outside !== undefined) {
      throw new UserError(
        'TOKEN_OUTSIDE_VOCABULARY',
        `Prompt ${i + 1} was tokenized to id ${outside}, but the model knows ids 0 to ${vocabSize - 1} (vocab_size).`,
        'Use the tokenizer files that belong to this model.',
      );
    }
  }
}
