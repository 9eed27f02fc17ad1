import type { CompareReport, ComparisonRow, MethodPair } from '../../engine/comparison/comparison.ts';
import type { TaskFacts } from '../../engine/evaluation/tasks/prepared-task.ts';
import type { FigureResult } from '../../engine/evaluation/tasks/task-result.ts';
import { markdownTable } from '../markdown-table.ts';
import { formatPercent } from '../quantities.ts';
import type { Alignment } from '../table.ts';
import {
  differenceText,
  figureText,
  headedFigure,
  intervalText,
  remarksOf,
  taskFacts,
} from '../task-figures.ts';

/** A section for each task: all its figures with their intervals, and what they depend on. */
export function taskSections({ tasks, rows, pairs }: CompareReport): string[] {
  return tasks.flatMap((task) => {
    const own = pairs.filter(({ label }) => label === task.label);
    return [
      `## Task ${task.label}`,
      figureTable(task, rows),
      ...(own.length > 0 ? [pairTable(own)] : []),
      factList(task, rows[0]),
    ];
  });
}

/** Each method beside each other one, by the leading figure. */
function pairTable(pairs: readonly MethodPair[]): string {
  const [{ name }] = pairs;
  const lines = pairs.map(({ method, rival, sparsity, better, difference }) => [
    method,
    rival,
    formatPercent(sparsity),
    differenceText(name, difference.difference),
    intervalText({ name }, difference, differenceText),
    verdictOf(method, rival, better, difference),
  ]);
  const headings = ['Method', 'Beside', 'Zeros', headedFigure(name), '95 % interval', 'Better'];
  return markdownTable(headings, lines, ['left', 'left', 'right', 'right', 'right', 'left']);
}

function verdictOf(
  method: string,
  rival: string,
  better: MethodPair['better'],
  { difference, distinguishable }: MethodPair['difference'],
): string {
  if (!distinguishable) return 'not distinguishable';
  return difference > 0 === (better === 'higher') ? method : rival;
}

function figureTable({ label }: TaskFacts, rows: readonly ComparisonRow[]): string {
  const lines = rows.flatMap(({ method, tasks }) =>
    tasks[label].map((figure) => [method, ...cellsOf(figure)]),
  );
  const alignments: Alignment[] = ['left', 'left', 'right', 'right', 'right', 'right', 'left'];
  return markdownTable(
    ['Method', 'Figure', 'Value', '95 % interval', 'To dense', '95 % interval', 'Remark'],
    lines,
    alignments,
  );
}

function cellsOf(figure: FigureResult): string[] {
  const { name, value, against } = figure;
  return [
    headedFigure(name),
    figureText(name, value),
    intervalText(figure, figure),
    against ? differenceText(name, against.difference) : '',
    against ? intervalText(figure, against, differenceText) : '',
    remarksOf(figure).join('; '),
  ];
}

function factList(task: TaskFacts, { tasks }: ComparisonRow): string {
  const [first, ...rest] = taskFacts(task);
  const chances = tasks[task.label].flatMap(({ name, chance }) =>
    chance === null ? [] : [`${headedFigure(name)} ${figureText(name, chance)}`],
  );
  const facts = chances.length > 0 ? [...rest, `chance level: ${chances.join('; ')}`] : rest;
  return [`${first}.\n`, ...facts.map((fact) => `- ${fact}`)].join('\n');
}
