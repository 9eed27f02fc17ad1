import type { FigureName } from '../../../contract/task.ts';
import { classificationFigures } from '../classification-figures.ts';
import { chanceLevels } from './chance-level.ts';
import type { ChoiceTask, TaskDefinition } from './task-definition.ts';
import type { ChoiceOutcome, SummaryOutcome, TaskOutcomes, WindowOutcome } from './task-outcomes.ts';

/** A figure of one model on a task. */
export interface Figure {
  readonly name: FigureName;
  readonly better: 'higher' | 'lower';
  /** What is reached without knowing anything; null where that has no meaning. */
  readonly chance: number | null;
  readonly items: number;
  /** Over the items with these indices. */
  readonly of: (drawn: readonly number[]) => number;
}

/** The figures of a task, the leading one first. */
export function figuresOf(task: TaskDefinition, outcomes: TaskOutcomes): readonly Figure[] {
  switch (outcomes.kind) {
    case 'perplexity':
      return [perplexityFigure(outcomes.items)];
    case 'summary':
      return (['rouge1', 'rouge2', 'rougeL'] as const).map((name) => rougeFigure(name, outcomes.items));
    case 'choice':
      if (task.kind === 'choice') return choiceFigures(task, outcomes.items);
      throw new TypeError(`choices of a task of kind ${task.kind}`);
  }
}

function choiceFigures(task: ChoiceTask, outcomes: readonly ChoiceOutcome[]): readonly Figure[] {
  const truths = outcomes.map(({ classes, truth }) => classes[truth]);
  const found = outcomes.map((outcome) => outcome.classes[likeliest(outcome, task.score)]);
  const chances = chanceLevels(outcomes, task.classes);
  const names = (['macroF1', 'accuracy'] as const).toSorted(
    (a, b) => Number(b === task.leading) - Number(a === task.leading),
  );
  return names.map((name) => ({
    name,
    better: 'higher',
    chance: chances[name],
    items: outcomes.length,
    of: (drawn) => classificationFigures(truths, found, drawn)[name],
  }));
}

/** The option that a model finds most likely; of equal ones the first. What is no number, of a ruined model, is not likely. */
export function likeliest(
  { logProbabilities, tokens }: Pick<ChoiceOutcome, 'logProbabilities' | 'tokens'>,
  score: ChoiceTask['score'],
): number {
  const scores = logProbabilities.map((sum, i) => {
    if (Number.isNaN(sum)) return -Infinity;
    return score === 'mean' ? sum / tokens[i] : sum;
  });
  return scores.indexOf(Math.max(...scores));
}

const rougeFigure = (name: 'rouge1' | 'rouge2' | 'rougeL', outcomes: readonly SummaryOutcome[]): Figure => ({
  name,
  better: 'higher',
  chance: null,
  items: outcomes.length,
  of: (drawn) => drawn.reduce((total, item) => total + outcomes[item][name], 0) / drawn.length,
});

const perplexityFigure = (windows: readonly WindowOutcome[]): Figure => ({
  name: 'perplexity',
  better: 'lower',
  chance: null,
  items: windows.length,
  of: (drawn) => {
    const nll = drawn.reduce((total, window) => total + windows[window].nll, 0);
    return Math.exp(nll / drawn.reduce((total, window) => total + windows[window].tokens, 0));
  },
});
