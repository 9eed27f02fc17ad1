import type { CompareRequest } from '../../engine/comparison/comparison.ts';
import { UsageError } from '../failure.ts';
import { nameAndFile } from '../option-values.ts';

/**
 * The texts of `--perplexity NAME=FILE` and `--perplexity-tokens NAME=FILE`, in that order.
 * @throws UsageError
 */
export function comparedTexts(
  textPairs: readonly string[],
  tokenPairs: readonly string[],
): CompareRequest['texts'] {
  const of = (kind: 'text' | 'tokens', option: string, pairs: readonly string[]) =>
    pairs.map((pair) => {
      const [name, file] = nameAndFile(
        pair,
        option,
        'Write what the table is to call the text, such as legal=legal.txt.',
      );
      return { name, kind, file };
    });
  const texts = [
    ...of('text', '--perplexity', textPairs),
    ...of('tokens', '--perplexity-tokens', tokenPairs),
  ];
  const names = texts.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice === undefined) return texts;
  throw new UsageError(`Two texts are called "${twice}".`, 'Give each text a name of its own.');
}
