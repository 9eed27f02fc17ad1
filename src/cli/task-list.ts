import type { TaskSource } from '../engine/evaluation/tasks/prepared-task.ts';
import { UsageError } from './failure.ts';

/** For --help. */
export const TASK_GRAMMAR = 'TASK[:NAME]=FILE…';

/**
 * The tasks of `casehold=test.csv`, `perplexity:legal=legal.txt`, `./own-task.json=items.jsonl`. A word without `=` is one
 * more file of the task before it, and so is the same task, or name, given again.
 * @throws UsageError
 */
export function taskList(words: readonly string[]): TaskSource[] {
  const tasks = new Map<string, TaskSource>();
  let latest: string | null = null;
  for (const word of words) {
    const { task, label, file } = taskOf(word) ?? { task: null, label: null, file: word };
    if (task === null) {
      if (latest === null) throw wrong(word);
      addFile(tasks, latest, file);
      continue;
    }
    latest = label ?? task;
    const known = tasks.get(latest);
    if (known && known.task !== task) throw takenTwice(latest);
    if (known) addFile(tasks, latest, file);
    else tasks.set(latest, { task, label, files: [file] });
  }
  return [...tasks.values()];
}

function addFile(tasks: Map<string, TaskSource>, name: string, file: string): void {
  const source = tasks.get(name) as TaskSource;
  tasks.set(name, { ...source, files: [...source.files, file] });
}

/** A path may hold a colon (C:\tasks\own.json): what ends in .json is a task file. */
function taskOf(word: string): { task: string; label: string | null; file: string } | null {
  const [, before, file] = /^([^=]+)=(.*)$/s.exec(word) ?? [];
  if (before === undefined || file === undefined) return null;
  if (file === '') throw wrong(word);
  const [, path, ofPath] = /^(.+\.json)(?::([^:\\/]+))?$/.exec(before) ?? [];
  if (path !== undefined) return { task: path, label: ofPath ?? null, file };
  const [task, label, more] = before.split(':');
  if (!task || label === '' || more !== undefined) throw wrong(word);
  return { task, label: label ?? null, file };
}

const wrong = (word: string) =>
  new UsageError(
    `A task is written ${TASK_GRAMMAR}, but "${word}" was found.`,
    'Write the task, "=" and its file, such as casehold=test.csv or perplexity:legal=legal.txt.',
  );

const takenTwice = (name: string) =>
  new UsageError(`Two tasks are called "${name}".`, 'Give one of them another name: TASK:NAME=FILE.');
