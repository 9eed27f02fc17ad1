import { pruneSettings } from '../../contract/settings.ts';
import { describeExpected } from '../expectation.ts';
import { UsageError } from '../failure.ts';
import { numberOrText } from '../option-values.ts';

/**
 * The fractions of `0.3,0.5`, each once.
 * @throws UsageError
 */
export function sparsityList(text: string): number[] {
  const schema = pruneSettings.shape.sparsity;
  const fractions = text.split(',').map((part) => {
    const parsed = schema.safeParse(numberOrText(part));
    if (parsed.success) return parsed.data;
    throw new UsageError(
      `--sparsity has "${part}", but ${describeExpected(schema)} is expected.`,
      'Write fractions separated by commas, such as 0.3,0.5.',
    );
  });
  return [...new Set(fractions)];
}
