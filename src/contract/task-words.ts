import type { FigureName, TaskResult } from './task.ts';

type Figure = TaskResult['figures'][number];

const figureTitles: Record<FigureName, string> = {
  perplexity: 'Perplexity',
  accuracy: 'Accuracy',
  macroF1: 'Macro-F1',
  rouge1: 'ROUGE-1',
  rouge2: 'ROUGE-2',
  rougeL: 'ROUGE-L',
};
export const figureTitle = (name: FigureName): string => figureTitles[name];

/** What the interval of the difference says, in words. */
export function describeDifference({ better, pruned }: Figure): string {
  if (!pruned) return 'not measured';
  const { value, distinguishable } = pruned.difference;
  if (!distinguishable) return 'not distinguishable';
  return value > 0 === (better === 'higher') ? 'pruned is better' : 'pruned is worse';
}
