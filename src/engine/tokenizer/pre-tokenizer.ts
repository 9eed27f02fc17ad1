import { UserError } from '../../contract/error.ts';
import type { JsonObject, TokenizerJson } from './tokenizer-files.ts';

/** SentencePiece's stand-in for a blank. */
const BLANK = '\u2581';

/** How GPT-2 cuts a text into words; what a ByteLevel step means by `use_regex`. */
const GPT2_WORDS = String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`;

/**
 * The pre-tokenizer of a tokenizer.json, said in steps which @huggingface/tokenizers carries out as the
 * reference (the `tokenizers` of Python) does. Differences that this removes:
 *
 * - `Digits` there knows only 0-9; the reference means every numeral (½, ², Arabic-Indic digits).
 * - `ByteLevel` there takes JavaScript's white space, which has U+FEFF and lacks U+0085. A `Split` step is
 *   translated with the reference's classes.
 * - `Metaspace` there never splits, and does not know `add_prefix_space` of older files.
 * - an inverted `Split` there drops what lies between the matches, and none leaves a match with what is before it.
 *
 * A BPE tokenizer without any split (LLaMA 2) gets one before each run of blanks where no merge can reach
 * across: the pieces are independent then, so the tokens are the same and long texts take linear time.
 *
 * @throws UserError TOKENIZER_UNSUPPORTED for a way to split that the library lacks.
 */
export function portablePreTokenizer(tokenizer: TokenizerJson): JsonObject | null {
  const written = tokenizer.pre_tokenizer;
  const splitsNothing = isBlankSplit(written) && replacesBlanks(tokenizer.normalizer);
  const steps = written === null || splitsNothing ? [] : portableSteps(written);
  const splits = steps.some((step) => step.type !== 'Metaspace');
  if (!splits && blanksOnlyStartTokens(tokenizer.model)) steps.push(isolated(`${BLANK}+[^${BLANK}]*`));
  return steps.length === 0 ? null : { type: 'Sequence', pretokenizers: steps };
}

function portableSteps(step: JsonObject): JsonObject[] {
  switch (step.type) {
    case 'Sequence':
      return (step.pretokenizers as JsonObject[]).flatMap(portableSteps);
    case 'Digits':
      return [isolated(step.individual_digits ? String.raw`\p{N}` : String.raw`\p{N}+`)];
    case 'ByteLevel':
      // The prefix has to come before the split, so such a step stays whole.
      if (step.use_regex === false || step.add_prefix_space) return [step];
      return [isolated(GPT2_WORDS), { ...step, use_regex: false }];
    case 'Metaspace':
      return portableMetaspace(step);
    case 'Split':
      return [portableSplit(step)];
    default:
      return [step];
  }
}

function portableMetaspace(step: JsonObject): JsonObject[] {
  const scheme = step.prepend_scheme ?? (step.add_prefix_space === false ? 'never' : 'always');
  const metaspace = { ...step, prepend_scheme: scheme };
  if (step.split === false) return [metaspace];
  return [metaspace, isolated(`${BLANK}[^${BLANK}]*`)];
}

function portableSplit(step: JsonObject): JsonObject {
  const behavior = String(step.behavior);
  if (behavior === 'Removed') return step;
  // Isolated keeps matches and what lies between alike, so inverting it changes nothing.
  if (behavior === 'Isolated') return { ...step, invert: false };
  if (behavior === 'MergedWithPrevious' && !step.invert) {
    const { String: literal, Regex: regex } = step.pattern as { String?: string; Regex?: string };
    const match = literal === undefined ? regex : literal.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    return isolated(String.raw`[\s\S]*?(?:${match})`);
  }
  throw new UserError(
    'TOKENIZER_UNSUPPORTED',
    `tokenizer.json splits texts with the behavior "${behavior}", which is not supported.`,
    'Give token files (--tokens, --open-tokens) made with the model’s own tokenizer.',
  );
}

const isolated = (regex: string): JsonObject => ({
  type: 'Split',
  pattern: { Regex: regex },
  behavior: 'Isolated',
  invert: false,
});

/** Gemma splits at blanks, all of which it has replaced before. */
const isBlankSplit = (step: JsonObject | null): boolean =>
  step?.type === 'Split' && (step.pattern as { String?: string }).String === ' ';

/** Whether no blank is left once a text is normalised. */
const replacesBlanks = (normalizer: JsonObject | null): boolean =>
  normalizer?.type === 'Replace' && (normalizer.pattern as { String?: string }).String === ' ';

/** Whether no merge makes a token with a blank after something else: then no token crosses such a place. */
function blanksOnlyStartTokens(model: TokenizerJson['model']): boolean {
  if (model.type !== 'BPE' || model.merges === undefined) return false;
  if (model.ignore_merges || model.end_of_word_suffix || model.continuing_subword_prefix) return false;
  const crossing = new RegExp(`[^${BLANK}]${BLANK}`, 'u');
  return !model.merges.some((merge) =>
    crossing.test(typeof merge === 'string' ? merge.replace(' ', '') : merge.join('')),
  );
}
