import { type Random, shuffled } from '../../../src/engine/calibration/random.ts';
import { nearDuplicateFamilies } from './near-duplicate-families.ts';
import { type TextDocument, wordsOf } from './text-document.ts';

export interface Split {
  readonly train: readonly TextDocument[];
  /** Not trained on: to watch the training, and for calibration. */
  readonly heldOut: readonly TextDocument[];
  /** Looked at once, when the model is finished. */
  readonly test: readonly TextDocument[];
}

/** A family with more variants than this is trained on: it would fill a held-out part with one text. */
const LARGEST_HELD_OUT_FAMILY = 3;
/** Longer held-out texts are cut, between paragraphs, so that none of them outweighs the others. */
const HELD_OUT_CHARACTERS = 4000;

/** Splits by family, so that no held-out text has a near-duplicate in another part; one text stands for a family. */
export function splitDocuments(
  documents: readonly TextDocument[],
  heldOutCharacters: number,
  testCharacters: number,
  random: Random,
): Split {
  const test: TextDocument[] = [];
  const heldOut: TextDocument[] = [];
  const train: TextDocument[] = [];
  let testLeft = testCharacters;
  let heldOutLeft = heldOutCharacters;
  for (const family of shuffled(nearDuplicateFamilies(documents), random)) {
    const first = cut(family[0] as TextDocument);
    const isEligible = family.length <= LARGEST_HELD_OUT_FAMILY;
    if (isEligible && testLeft > 0) {
      test.push(first);
      testLeft -= first.text.length;
    } else if (isEligible && heldOutLeft > 0) {
      heldOut.push(first);
      heldOutLeft -= first.text.length;
    } else {
      train.push(...family);
    }
  }
  return { train: withoutRepeatedParagraphs(train), heldOut, test };
}

/** The first paragraphs of a text, whole ones, up to HELD_OUT_CHARACTERS (or the first one, if it is longer). */
function cut({ id, text }: TextDocument): TextDocument {
  if (text.length <= HELD_OUT_CHARACTERS) return { id, text };
  const end = text.lastIndexOf('\n', HELD_OUT_CHARACTERS);
  const firstEnd = text.indexOf('\n');
  return { id, text: text.slice(0, end > 0 ? end : firstEnd > 0 ? firstEnd : text.length) };
}

/** Drops paragraphs that stand, word for word, in an earlier text: licences share many. */
function withoutRepeatedParagraphs(documents: readonly TextDocument[]): TextDocument[] {
  const seen = new Set<string>();
  return documents.flatMap(({ id, text }) => {
    const kept = text.split('\n').filter((paragraph) => {
      const words = wordsOf(paragraph).join(' ');
      const isNew = !seen.has(words);
      seen.add(words);
      return isNew;
    });
    return kept.length > 0 ? [{ id, text: kept.join('\n') }] : [];
  });
}
