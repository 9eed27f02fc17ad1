import type { TextResult } from '../../src/contract/result.ts';
import type { TaskResult } from '../../src/contract/task.ts';
import { figureTitle } from '../../src/contract/task-words.ts';
import { formatSignedPercent } from '../words/quantities.ts';

type Figure = TaskResult['figures'][number];

/** Whether a task's figure is worse than the original's, and not by chance. */
export const isWorse = ({ better, pruned }: Figure): boolean =>
  pruned?.difference.distinguishable === true &&
  (better === 'higher' ? pruned.difference.value < 0 : pruned.difference.value > 0);

/** From twice the original's perplexity on, something is lost that anybody will notice. */
const GRAVE_FACTOR = 2;

export type Severity = 'none' | 'worse' | 'grave';

/** How bad a text's change is; what cannot be told from chance is nothing. */
export function severityOf({ dense, pruned }: TextResult): Severity {
  if (!pruned) return 'none';
  if (pruned.perplexity >= GRAVE_FACTOR * dense.perplexity) return 'grave';
  return pruned.change?.distinguishable && pruned.change.value > 0 ? 'worse' : 'none';
}

/** What got worse beyond chance, a phrase each: `Perplexity of Legal (+10 %)`. */
export function regressionsOf(texts: readonly TextResult[], tasks: readonly TaskResult[]): string[] {
  return [
    ...texts.flatMap((text) =>
      severityOf(text) === 'none' || !text.pruned
        ? []
        : [
            `Perplexity of ${text.name} (${formatSignedPercent(text.pruned.perplexity / text.dense.perplexity - 1)})`,
          ],
    ),
    ...tasks.flatMap(({ name, figures }) =>
      figures
        .filter(isWorse)
        .map((figure) => `${figureTitle(figure.name)} of ${name} (${differenceOf(figure)})`),
    ),
  ];
}

const differenceOf = ({ pruned }: Figure): string => {
  const value = pruned?.difference.value ?? 0;
  return `${value > 0 ? '+' : '−'}${Math.abs(value).toPrecision(2)}`;
};
