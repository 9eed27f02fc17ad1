import type { SampleAnswer } from '../../contract/sample-answers.ts';
import { generateText } from '../../engine/generation/generate-text.ts';
import type { PromptForModel } from './prompt-for-model.ts';

/** How a model continues a text. */
export async function answer(question: PromptForModel): Promise<SampleAnswer> {
  const { text, newTokens, tokensPerSecond, notes } = await generateText(question);
  return { text, newTokens, tokensPerSecond, notes: [...notes] };
}
