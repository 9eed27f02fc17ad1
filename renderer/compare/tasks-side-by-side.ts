import type { RunResult } from '../../src/contract/result.ts';
import type { TaskResult } from '../../src/contract/task.ts';

export type Figure = TaskResult['figures'][number];

/** A figure of a task that several runs were measured on, on the same items. */
export interface SharedFigure {
  readonly task: TaskResult;
  readonly name: Figure['name'];
  /** One for each run, in their order; null where that run was not measured on these items. */
  readonly figures: readonly (Figure | null)[];
}

/** What has to be equal for figures to be of the same items. */
const itemsOf = ({ task, files, items, seed, contextLength }: TaskResult): string =>
  JSON.stringify([task, files.map(({ sha256 }) => sha256), items, seed, contextLength]);

/** The figures of all tasks of some runs; the same items make one row, whatever each run calls the task. */
export function sharedFigures(results: readonly Pick<RunResult, 'tasks'>[]): SharedFigure[] {
  const tasks = new Map<string, TaskResult>();
  for (const task of results.flatMap((result) => result.tasks)) {
    if (!tasks.has(itemsOf(task))) tasks.set(itemsOf(task), task);
  }
  return [...tasks].flatMap(([key, task]) =>
    task.figures.map(({ name }) => ({
      task,
      name,
      figures: results.map(
        (result) =>
          result.tasks
            .find((each) => itemsOf(each) === key)
            ?.figures.find((figure) => figure.name === name) ?? null,
      ),
    })),
  );
}
