import { describe, expect, it } from 'vitest';
import { drawItems } from '../../../../src/engine/evaluation/tasks/draw-items.ts';
import { type ChoiceTask, loadTask } from '../../../../src/engine/evaluation/tasks/task-definition.ts';
import type { TaskOutcomes } from '../../../../src/engine/evaluation/tasks/task-outcomes.ts';
import { taskResult } from '../../../../src/engine/evaluation/tasks/task-result.ts';

const casehold = (await loadTask('casehold')) as ChoiceTask;
const pubmedqa = (await loadTask('pubmedqa')) as ChoiceTask;
const ITEMS = 100;

/** A model that is right on the items for which `isRight`; of `classes` options, item i's right one is `truthOf(i)`. */
const choosing = (
  options: number,
  isRight: (item: number) => boolean,
  truthOf = (item: number) => item % options,
): TaskOutcomes => ({
  kind: 'choice',
  items: Array.from({ length: ITEMS }, (_, item) => {
    const truth = truthOf(item);
    const chosen = isRight(item) ? truth : (truth + 1) % options;
    return {
      truth,
      classes: [...Array(options).keys()],
      tokens: Array(options).fill(1),
      logProbabilities: Array.from({ length: options }, (_, option) => (option === chosen ? -1 : -2)),
    };
  }),
});
const figure = (
  task: ChoiceTask,
  outcomes: TaskOutcomes,
  name: string,
  against: TaskOutcomes | null = null,
) => taskResult(task, outcomes, against, 0).find((one) => one.name === name);

describe('taskResult', () => {
  it('gives accuracy and macro-F1 with their intervals', () => {
    const outcomes = choosing(5, (item) => item % 10 < 6);
    const accuracy = figure(casehold, outcomes, 'accuracy');
    expect(accuracy?.value).toBeCloseTo(0.6, 12);
    // The normal approximation: 0.6 ± 1.96 · √(0.6 · 0.4 / 100)
    expect(accuracy?.low).toBeCloseTo(0.504, 1);
    expect(accuracy?.high).toBeCloseTo(0.696, 1);
    expect(accuracy).toMatchObject({ better: 'higher', level: 'above chance', against: null });
    expect(accuracy?.chance).toBeCloseTo(0.2, 12);
    expect(taskResult(casehold, outcomes, null, 0)[0].name).toBe('macroF1');
  });

  it.each([
    ['at chance', 0.2],
    ['below chance', 0.03],
    ['above chance', 0.5],
  ])('says that a model is %s', (level, share) => {
    expect(
      figure(
        casehold,
        choosing(5, (item) => item < share * ITEMS),
        'accuracy',
      )?.level,
    ).toBe(level);
  });

  it('counts always giving the commonest class as chance, but not a place among a record’s own choices', () => {
    const mostlyYes = (item: number) => (item < 70 ? 0 : item < 90 ? 1 : 2);
    const outcomes = choosing(3, (item) => item < 70, mostlyYes);
    expect(figure(pubmedqa, outcomes, 'accuracy')).toMatchObject({ chance: 0.7, level: 'at chance' });
    expect(figure(casehold, outcomes, 'accuracy')?.chance).toBeCloseTo(1 / 3, 12);
  });

  it('tells a model apart from another one, or not', () => {
    const dense = choosing(5, (item) => item % 10 < 6);
    const worse = choosing(5, (item) => item % 10 < 3);
    const similar = choosing(5, (item) => (item === 1 ? false : item === 8 ? true : item % 10 < 6));
    expect(figure(casehold, worse, 'accuracy', dense)?.against).toMatchObject({
      distinguishable: true,
      items: ITEMS,
    });
    expect(figure(casehold, worse, 'accuracy', dense)?.against?.difference).toBeCloseTo(-0.3, 12);
    expect(figure(casehold, similar, 'accuracy', dense)?.against).toMatchObject({
      difference: 0,
      distinguishable: false,
    });
  });

  it('chooses by the mean over an option’s tokens, or by their sum', () => {
    const long = { truth: 1, classes: [0, 1], tokens: [1, 4], logProbabilities: [-2, -4] };
    const outcomes: TaskOutcomes = { kind: 'choice', items: [long] };
    expect(figure(casehold, outcomes, 'accuracy')?.value).toBe(1);
    expect(figure(pubmedqa, outcomes, 'accuracy')?.value).toBe(0);
  });

  it('takes what is no number as not likely', () => {
    const ruined = { truth: 1, classes: [0, 1], tokens: [1, 1], logProbabilities: [Number.NaN, -4] };
    expect(figure(casehold, { kind: 'choice', items: [ruined] }, 'accuracy')?.value).toBe(1);
  });

  it('gives perplexity over windows of different lengths, and ROUGE as means', async () => {
    const windows: TaskOutcomes = {
      kind: 'perplexity',
      items: [
        { nll: 10, tokens: 5 },
        { nll: 1, tokens: 1 },
      ],
    };
    const [perplexity] = taskResult(await loadTask('perplexity'), windows, null, 0);
    expect(perplexity).toMatchObject({ name: 'perplexity', better: 'lower', chance: null, level: null });
    expect(perplexity.value).toBeCloseTo(Math.exp(11 / 6), 12);
    const item = { rouge1: 0.5, rouge2: 0.25, rougeL: 0.4, newTokens: 9 };
    const summaries: TaskOutcomes = { kind: 'summary', items: [item, { ...item, rouge1: 1 }] };
    expect(taskResult(await loadTask('hqs'), summaries, null, 0).map(({ value }) => value)).toEqual([
      0.75, 0.25, 0.4,
    ]);
  });
});

describe('drawItems', () => {
  const items = [...Array(50).keys()];

  it('draws by the seed and the task, and keeps the order', () => {
    const drawn = drawItems(items, 10, 3, 'hqs');
    expect(drawn).toHaveLength(10);
    expect([...drawn]).toEqual([...drawn].sort((a, b) => a - b));
    expect(drawItems(items, 10, 3, 'hqs')).toEqual(drawn);
    expect(drawItems(items, 10, 4, 'hqs')).not.toEqual(drawn);
    expect(drawItems(items, 10, 3, 'billsum')).not.toEqual(drawn);
  });

  it('takes all where there are no more', () => {
    expect(drawItems(items, null, 0, 'hqs')).toEqual(items);
    expect(drawItems(items, 50, 0, 'hqs')).toEqual(items);
  });
});
