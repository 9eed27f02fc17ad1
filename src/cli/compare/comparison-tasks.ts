import type { CompareReport, ComparisonRow } from '../../engine/comparison/comparison.ts';
import type { TaskFacts } from '../../engine/evaluation/tasks/prepared-task.ts';
import type { FigureResult } from '../../engine/evaluation/tasks/task-result.ts';
import { markdownTable } from '../markdown-table.ts';
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
export function taskSections({ tasks, rows }: CompareReport): string[] {
  return tasks.flatMap((task) => [`## Task ${task.label}`, figureTable(task, rows), factList(task, rows[0])]);
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
