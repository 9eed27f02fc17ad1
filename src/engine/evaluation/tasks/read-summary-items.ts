import { fillTemplate, missingField } from '../../calibration/prompt-template.ts';
import { readTaskRows, textOf } from './read-task-rows.ts';
import type { SummaryTask } from './task-definition.ts';
import type { SummaryItem } from './task-items.ts';

/**
 * The items of a summary task, in the order of the files.
 * @throws UserError with a code of DataErrorCode, by file and place and without the text
 */
export async function readSummaryItems(task: SummaryTask, paths: readonly string[]): Promise<SummaryItem[]> {
  const items: SummaryItem[] = [];
  for (const path of paths) {
    for await (const { row, reading } of readTaskRows(path, { ...task, ready: 'completion' })) {
      const { prompt, completion } =
        reading === 'ready'
          ? { prompt: textOf(row, 'prompt', path), completion: textOf(row, 'completion', path) }
          : fillTemplate(task.template, row, path);
      const reference = withoutStop(completion, task.stops).trim();
      if (reference === '') throw missingField(path, row.place, 'completion');
      items.push({ from: `${path}, ${row.place}`, prompt, reference });
    }
  }
  return items;
}

/** The reference ends as what is generated has to end. */
function withoutStop(completion: string, stops: readonly string[]): string {
  const stop = stops.find((each) => completion.endsWith(each));
  return stop === undefined ? completion : completion.slice(0, -stop.length);
}
