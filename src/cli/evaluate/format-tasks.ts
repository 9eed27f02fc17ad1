import type { EvaluatedTask, EvaluateTasksReport } from '../../engine/evaluate-tasks.ts';
import type { FigureResult } from '../../engine/evaluation/tasks/task-result.ts';
import { formatDuration } from '../quantities.ts';
import { type Alignment, formatPairs, formatTable } from '../table.ts';
import {
  differenceText,
  figureText,
  headedFigure,
  intervalText,
  remarksOf,
  taskFacts,
} from '../task-figures.ts';

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
      ...(against
        ? differenceCells(figure, task.againstFigures?.[i] ?? null)
        : [remarksOf(figure).join('; ')]),
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

function figureCells(figure: FigureResult): string[] {
  const { name, value, chance } = figure;
  return [
    headedFigure(name),
    figureText(name, value),
    intervalText(figure, figure),
    chance === null ? '' : figureText(name, chance),
  ];
}

function differenceCells(figure: FigureResult, other: FigureResult | null): string[] {
  const { name, against } = figure;
  return [
    other ? figureText(name, other.value) : '',
    against ? differenceText(name, against.difference) : '',
    against ? intervalText(figure, against, differenceText) : '',
    remarksOf(figure).join('; '),
  ];
}

/** Figures mean something only beside how they were measured. */
function formatFacts(task: EvaluatedTask): string {
  const { label, notes, seconds } = task;
  const [first, ...rest] = taskFacts(task);
  return formatPairs([
    [label, `${first}, ${formatDuration(1000 * seconds)}`],
    ...rest.map((fact) => ['', fact] as const),
    ...notes.map((note) => ['', `Note: ${note}`] as const),
  ]);
}
