import { basename } from 'node:path';
import type { EvaluatedTask, EvaluateTasksReport } from '../../engine/evaluate-tasks.ts';
import type { FigureName } from '../../engine/evaluation/tasks/task-figures.ts';
import type { FigureResult } from '../../engine/evaluation/tasks/task-result.ts';
import { formatCount, formatDuration, formatFigure } from '../quantities.ts';
import { type Alignment, formatPairs, formatTable } from '../table.ts';

export const FIGURE_TITLES: Record<FigureName, string> = {
  perplexity: 'Perplexity',
  accuracy: 'Accuracy, %',
  macroF1: 'Macro-F1, %',
  rouge1: 'ROUGE-1, %',
  rouge2: 'ROUGE-2, %',
  rougeL: 'ROUGE-L, %',
};

/** What `evaluate --task` prints: a table, and all that each task's figures depend on. */
export function formatTasks({ tasks, model, against, appVersion, backend }: EvaluateTasksReport): string {
  const headings = ['Task', 'Figure', 'Model', '95 % interval', 'Chance'];
  const compared = ['Other', 'Difference', '95 % interval', ''];
  const alignments: Alignment[] = [
    'left',
    'left',
    'right',
    'right',
    'right',
    'right',
    'right',
    'right',
    'left',
  ];
  const rows = tasks.flatMap((task) =>
    task.figures.map((figure, i) => [
      i === 0 ? task.label : '',
      ...figureCells(figure),
      ...(against ? differenceCells(figure, task.againstFigures?.[i] ?? null) : [levelOf(figure)]),
    ]),
  );
  return [
    formatTable(
      [...headings, ...(against ? compared : [''])],
      rows,
      against ? alignments : [...alignments.slice(0, 5), 'left'],
    ),
    ...tasks.map(formatFacts),
    formatPairs([
      ['Model', `${model.dir} (fingerprint ${model.fingerprint})`],
      ...(against ? [['Other', `${against.dir} (fingerprint ${against.fingerprint})`] as const] : []),
      ['Program', `dpruner ${appVersion}, backend ${backend}`],
    ]),
  ].join('\n\n');
}

function figureCells({ name, value, low, high, chance }: FigureResult): string[] {
  return [
    FIGURE_TITLES[name],
    figureText(name, value),
    `${figureText(name, low)} to ${figureText(name, high)}`,
    chance === null ? '' : figureText(name, chance),
  ];
}

function differenceCells({ name, against, level }: FigureResult, other: FigureResult | null): string[] {
  const text = other ? figureText(name, other.value) : '';
  if (!against) return [text, '', '', levelWords(level)];
  const { difference, low, high, distinguishable } = against;
  const words = [distinguishable ? '' : 'not distinguishable', levelWords(level)].filter(
    (word) => word !== '',
  );
  return [text, signed(name, difference), `${signed(name, low)} to ${signed(name, high)}`, words.join('; ')];
}

const levelOf = ({ level }: FigureResult): string => levelWords(level);

/** Only what a reader must not overlook. */
export function levelWords(level: FigureResult['level']): string {
  if (level === 'at chance') return 'at chance level';
  return level === 'below chance' ? 'below chance level' : '';
}

/** Perplexities as they are, everything else in per cent. */
export const figureText = (name: FigureName, value: number): string =>
  name === 'perplexity' ? formatFigure(value, 4) : (100 * value).toFixed(1);

const signed = (name: FigureName, value: number): string =>
  `${value < 0 ? '−' : '+'}${figureText(name, Math.abs(value))}`;

/** Figures mean something only beside how they were measured. */
function formatFacts(task: EvaluatedTask): string {
  const { contextLength, stride, maxTokens, truncated, files, seed, scoredTokens, seconds } = task;
  const of = task.ofItems > task.items ? ` of ${formatCount(task.ofItems)}, drawn by seed ${seed}` : '';
  const unit = task.task.kind === 'perplexity' ? 'windows' : 'items';
  const chosenBy = { sum: 'its log-probability', mean: 'its mean log-probability a token' };
  const pairs: (readonly [string, string])[] = [
    [
      task.label,
      `${task.task.title}: ${formatCount(task.items)}${of} ${unit}, ${formatDuration(1000 * seconds)}`,
    ],
    [
      '  context',
      `${formatCount(contextLength)} tokens${stride === null ? '' : `, stride ${formatCount(stride)}`}${maxTokens === null ? '' : `, at most ${formatCount(maxTokens)} of the text`}`,
    ],
    ...(scoredTokens === null ? [] : [['  scored', `${formatCount(scoredTokens)} tokens`] as const]),
    ...(task.task.kind === 'choice' ? [['  chosen by', chosenBy[task.task.score]] as const] : []),
    ...(task.task.kind === 'summary'
      ? [['  written', `at most ${task.task.maxNewTokens} tokens, greedily`] as const]
      : []),
    ...(task.task.kind === 'perplexity'
      ? []
      : [['  truncated', `${formatCount(truncated)} prompts`] as const]),
    ['  intervals', `bootstrap over ${formatCount(task.items)} ${unit}, seed ${seed}`],
    ...files.map(({ path, sha256 }) => ['  file', `${basename(path)} (SHA-256 ${sha256})`] as const),
    ...task.notes.map((note) => ['  note', note] as const),
  ];
  return formatPairs(pairs);
}
