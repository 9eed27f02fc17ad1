import { setImmediate } from 'node:timers/promises';
import { Interrupted } from '../../contract/error.ts';
import type { Tensor2D } from '../tensor/ops.ts';
import { continueSequences } from './continue-sequences.ts';
import type { GenerationModel } from './generation-model.ts';
import { greedyTokens } from './greedy.ts';
import { KeyValueCache } from './key-value-cache.ts';
import { NextPositions } from './next-positions.ts';
import type { NumberedPrompt } from './prompt-groups.ts';
import { cachesOf, type Sequence } from './sequence.ts';
import { readPrompts } from './token-steps.ts';

interface GroupOptions {
  readonly maxNewTokens: number;
  readonly stops: ReadonlySet<number>;
  readonly signal?: AbortSignal | undefined;
  readonly onToken?: ((id: number, prompt: number) => void) | undefined;
}

/** Continues prompts together, a token of each at a time; those that end drop out. New tokens go into `results`. */
export async function generateGroup(
  model: GenerationModel,
  group: readonly NumberedPrompt[],
  results: readonly number[][],
  options: GroupOptions,
): Promise<void> {
  const { signal, maxNewTokens } = options;
  if (maxNewTokens < 1) return;
  const breathe = async () => {
    await setImmediate();
    if (signal?.aborted) throw new Interrupted('stopped on request');
  };
  const longest = Math.max(...group.map(({ ids }) => ids.length)) + maxNewTokens;
  const sequences: Sequence[] = group.map((prompt) => ({
    prompt,
    cache: new KeyValueCache(longest),
    found: results[prompt.index],
  }));
  const positions = new NextPositions(model.checkpoint.config, longest);
  try {
    const prompts = group.map(({ ids }) => ids);
    let hidden = await readPrompts(model, prompts, cachesOf(sequences), breathe);
    for (let going = chooseTokens(model, hidden, sequences, options); going.length > 0; ) {
      await breathe();
      hidden = await continueSequences(model, going, positions, breathe);
      going = chooseTokens(model, hidden, going, options);
    }
  } finally {
    positions.dispose();
    for (const { cache } of sequences) cache.dispose();
  }
}

/** Adds the next token to each sequence. @returns the sequences that go on */
function chooseTokens(
  { head }: GenerationModel,
  hidden: Tensor2D,
  sequences: readonly Sequence[],
  { stops, maxNewTokens, onToken }: GroupOptions,
): Sequence[] {
  const ids = greedyTokens(head, hidden);
  hidden.dispose();
  return sequences.filter(({ prompt, cache, found }, i) => {
    const ends = stops.has(ids[i]);
    if (!ends) {
      found.push(ids[i]);
      onToken?.(ids[i], prompt.index);
    }
    const goesOn = !ends && found.length < maxNewTokens;
    if (!goesOn) cache.dispose();
    return goesOn;
  });
}
