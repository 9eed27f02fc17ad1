import { basename } from 'node:path';
import type { FigureName } from '../contract/task.ts';
import { figureTitle } from '../contract/task-words.ts';
import type { TaskFacts } from '../engine/evaluation/tasks/prepared-task.ts';
import type { FigureResult } from '../engine/evaluation/tasks/task-result.ts';
import { formatCount, formatFigure } from './quantities.ts';

/** The figures of tasks as a person reads them. */

/** With the unit of its text. */
export const headedFigure = (name: FigureName): string =>
  name === 'perplexity' ? figureTitle(name) : `${figureTitle(name)}, %`;

/** Perplexities as they are, everything else in per cent. */
export const figureText = (name: FigureName, value: number): string =>
  name === 'perplexity' ? formatFigure(value, 4) : (100 * value).toFixed(1);

/** With its sign. */
export const differenceText = (name: FigureName, value: number): string =>
  `${value < 0 ? '−' : '+'}${figureText(name, Math.abs(value))}`;

export const intervalText = (
  { name }: Pick<FigureResult, 'name'>,
  { low, high }: { readonly low: number; readonly high: number },
  format = figureText,
): string => `${format(name, low)} to ${format(name, high)}`;

/** What a reader must not overlook. */
export function remarksOf({ against, level }: FigureResult): string[] {
  return [
    ...(against && !against.distinguishable ? ['not distinguishable'] : []),
    ...(level === 'at chance' || level === 'below chance' ? [`${level} level`] : []),
  ];
}

/** What a task's figures depend on, in words; what and how many first. */
export function taskFacts(facts: TaskFacts): string[] {
  const { definition, contextLength, stride, maxTokens, truncated, files, seed, items, ofItems } = facts;
  const unit = definition.kind === 'perplexity' ? 'windows' : 'items';
  const drawn = ofItems > items ? ` of ${formatCount(ofItems)}, drawn by seed ${seed}` : '';
  return [
    `${definition.title}: ${formatCount(items)} ${unit}${drawn}`,
    `context ${formatCount(contextLength)} tokens${stride === null ? '' : `, stride ${formatCount(stride)}`}${maxTokens === null ? '' : `, at most ${formatCount(maxTokens)} of the text`}`,
    ...howMeasured(facts),
    ...(definition.kind === 'perplexity' ? [] : [`${formatCount(truncated)} prompts truncated`]),
    `intervals by bootstrap over ${formatCount(items)} ${unit}, seed ${seed}`,
    ...files.map(({ path, sha256 }) => `${basename(path)}, SHA-256 ${sha256}`),
  ];
}

function howMeasured({ definition, scoredTokens }: TaskFacts): string[] {
  const scored = `${formatCount(scoredTokens ?? 0)} tokens scored`;
  switch (definition.kind) {
    case 'perplexity':
      return [scored];
    case 'summary':
      return [`at most ${definition.maxNewTokens} tokens written, greedily; ROUGE without a stemmer`];
    case 'choice': {
      const mean = definition.score === 'mean' ? 'mean log-probability a token' : 'log-probability';
      return [`${scored}; the option of the highest ${mean} counts as chosen`];
    }
  }
}
