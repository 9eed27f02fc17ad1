import { type TextDocument, wordsOf } from './text-document.ts';

/** Words in a row that two texts hardly share by chance; licences share whole sentences. */
const RUN_WORDS = 8;

/** Drops the paragraphs that share a run of eight words with a test text, and texts of which nothing stays. */
export function withoutTestedParagraphs(
  documents: readonly TextDocument[],
  test: readonly TextDocument[],
): TextDocument[] {
  const tested = new Set(test.flatMap(({ text }) => runsOf(text)));
  const isNew = (text: string) => !runsOf(text).some((run) => tested.has(run));
  return documents.flatMap(({ id, text }) => {
    const kept: string[] = [];
    // Joined with the one before, too: what follows a dropped paragraph may go on as a test text does.
    for (const paragraph of text.split('\n')) {
      if (isNew(`${kept.at(-1) ?? ''}\n${paragraph}`)) kept.push(paragraph);
    }
    return kept.length > 0 ? [{ id, text: kept.join('\n') }] : [];
  });
}

function runsOf(text: string): string[] {
  const words = wordsOf(text);
  return words.slice(RUN_WORDS - 1).map((_, start) => words.slice(start, start + RUN_WORDS).join(' '));
}
