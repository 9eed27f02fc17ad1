import type { OnProgress } from '../../../contract/progress.ts';
import type { Checkpoint } from '../../checkpoint/checkpoint.ts';
import { openGenerator } from '../../generation/open-generator.ts';
import { stopIdsOf } from '../../generation/stop-ids.ts';
import type { Tokenizer } from '../../tokenizer/open-tokenizer.ts';
import { rouge } from '../rouge.ts';
import type { SummaryOutcome } from './task-outcomes.ts';

/** A summary task as the model reads it. */
export interface TokenizedSummaries {
  readonly prompts: readonly Int32Array[];
  readonly references: readonly string[];
  readonly tokenizer: Tokenizer;
  readonly stops: readonly string[];
  /** The tokens that end a summary, see `idsThatStop`; the model has its own beside them. */
  readonly stopIds: readonly number[];
  readonly maxNewTokens: number;
}

/** Lets a model write each summary, and compares it with the reference. */
export async function outcomesOfSummaries(
  checkpoint: Checkpoint,
  { prompts, references, tokenizer, stops, stopIds: known, maxNewTokens }: TokenizedSummaries,
  onProgress: OnProgress,
  signal: AbortSignal | undefined,
): Promise<SummaryOutcome[]> {
  const stopIds = [...(await stopIdsOf(checkpoint.dir)), ...known];
  const generator = await openGenerator(checkpoint);
  try {
    const onToken = progressOf(prompts.length, onProgress);
    const written = await generator.generate(prompts, {
      ...{ maxNewTokens, stopIds, onToken },
      ...(signal && { signal }),
    });
    return written.map((ids, i) => {
      const { rouge1, rouge2, rougeL } = rouge(references[i], cutAtStop(tokenizer.decode(ids), stops));
      return { rouge1: rouge1.f1, rouge2: rouge2.f1, rougeL: rougeL.f1, newTokens: ids.length };
    });
  } finally {
    await generator.close();
  }
}

/** The tokens that end a summary and bring nothing before its end that ROUGE would count. */
export function idsThatStop(tokenizer: Tokenizer, stops: readonly string[]): number[] {
  return Array.from({ length: tokenizer.vocabSize }, (_, id) => id).filter((id) => {
    const text = tokenizer.decode([id]);
    return stops.some((stop) => text.includes(stop)) && !/[a-z0-9]/i.test(cutAtStop(text, stops));
  });
}

function cutAtStop(text: string, stops: readonly string[]): string {
  const ends = stops.map((stop) => text.indexOf(stop)).filter((end) => end >= 0);
  return text.slice(0, Math.min(text.length, ...ends));
}

/** Prompts that have got a first token count: how long each text will be is not known. */
function progressOf(prompts: number, onProgress: OnProgress) {
  const begun = new Set<number>();
  const report = () => onProgress({ stage: 'evaluate', unit: 'text', done: begun.size, total: prompts });
  report();
  return (_: number, prompt: number) => {
    if (begun.has(prompt)) return;
    begun.add(prompt);
    report();
  };
}
