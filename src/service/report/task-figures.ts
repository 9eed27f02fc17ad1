import type { RunResult } from '../../contract/result.ts';
import type { TaskResult } from '../../contract/task.ts';
import { describeDifference, figureTitle } from '../../contract/task-words.ts';
import { formatCount, formatFigure } from './figures.ts';
import { html, type Markup, NOTHING, table } from './markup.ts';

type Estimate = TaskResult['figures'][number]['dense'];

/** Both models on each task, each figure with its interval, and all that the figures depend on. */
export function taskFigures({ result: { tasks } }: { readonly result: RunResult }): Markup {
  if (tasks.length === 0) return NOTHING;
  const rows = tasks.flatMap((task) =>
    task.figures.map((figure, index) => [
      index === 0 ? task.name : '',
      figureTitle(figure.name),
      interval(figure.dense),
      figure.pruned && interval(figure.pruned),
      figure.pruned && interval(figure.pruned.difference),
      describeDifference(figure),
      formatFigure(figure.chance, 3),
    ]),
  );
  const heads = ['Task', 'Figure', 'Dense', 'Pruned', 'Difference', 'In words', 'Chance'];
  const conditions = tasks.map((task) => [
    task.name,
    task.title,
    `${formatCount(task.items)} of ${formatCount(task.ofItems)}`,
    formatCount(task.contextLength),
    formatCount(task.truncated),
    task.seed,
    html`${task.files.map(({ path, sha256 }) => html`<code>${path}</code><br><code>${sha256}</code><br>`)}`,
  ]);
  const conditionHeads = ['Task', 'Kind', 'Items', 'Context', 'Cut prompts', 'Seed', 'Files, SHA-256'];
  return html`<h2>Tasks</h2>${table(heads, rows, [2, 3, 4, 6])}
<p class="quiet">In brackets: 95 % intervals by resampling the items; of differences, the same items for both models.</p>
${table(conditionHeads, conditions, [2, 3, 4, 5])}`;
}

const interval = ({ value, low, high }: Estimate): string =>
  `${formatFigure(value, 3)} [${formatFigure(low, 3)}, ${formatFigure(high, 3)}]`;
