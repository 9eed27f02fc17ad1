import { dataError } from '../../calibration/data-error.ts';
import { fillTemplate } from '../../calibration/prompt-template.ts';
import type { Row } from '../../calibration/row.ts';
import { indexOfLabel, labelOf } from './item-label.ts';
import { asOption, optionsOf } from './item-options.ts';
import { type Reading, readTaskRows, textOf } from './read-task-rows.ts';
import type { ChoiceTask } from './task-definition.ts';
import type { ChoiceItem } from './task-items.ts';

/** A record before it is known which labels there are in all. */
interface RawItem {
  readonly prompt: string;
  readonly options: readonly string[] | null;
  readonly label: string;
  readonly path: string;
  readonly place: string;
}

/** More different labels than this are hardly classes. */
const MOST_LABELS = 100;

/**
 * The items of a choice task, in the order of the files.
 * @throws UserError with a code of DataErrorCode, by file and place and without the text
 */
export async function readChoiceItems(task: ChoiceTask, paths: readonly string[]): Promise<ChoiceItem[]> {
  const raw: RawItem[] = [];
  for (const path of paths) {
    for await (const { row, reading } of readTaskRows(path, { ...task, ready: 'label' }))
      raw.push(rawItem(task, row, reading, path));
  }
  const labels = raw.some(({ options }) => options === null) ? distinctLabels(raw) : [];
  const names = new Map<string, number>();
  return raw.map((item) => choiceItem(task, item, labels, names));
}

function rawItem(task: ChoiceTask, row: Row, reading: Reading, path: string): RawItem {
  const prompt =
    reading === 'ready'
      ? textOf(row, 'prompt', path)
      : fillTemplate({ ...task.template, completion: '' }, row, path).prompt;
  const options = optionsOf(task, row, reading, path);
  return { prompt, options, label: labelOf(task, row, reading, path), path, place: row.place };
}

function distinctLabels(raw: readonly RawItem[]): string[] {
  const labels = new Set<string>();
  for (const { label, path, place } of raw) {
    labels.add(label);
    if (labels.size > MOST_LABELS) throw tooManyLabels(path, place);
  }
  const [first] = raw;
  if (labels.size < 2 && first) throw oneLabel(first.path);
  return [...labels].sort();
}

/** @param names the classes come upon so far, with their numbers; new ones are added */
function choiceItem(
  task: ChoiceTask,
  { prompt, options, label, path, place }: RawItem,
  labels: readonly string[],
  names: Map<string, number>,
): ChoiceItem {
  const texts = options ?? labels.map((each) => asOption(task, each));
  const called = options ? options.map((text) => text.trim()) : labels;
  const truth = indexOfLabel(task, label, called, { path, place });
  const classes = called.map((name, i) => {
    if (!task.classes) return i;
    const known = names.get(name) ?? names.size;
    names.set(name, known);
    return known;
  });
  return { from: `${path}, ${place}`, prompt, options: texts, truth, classes };
}

const tooManyLabels = (path: string, place: string) =>
  dataError(
    'DATA_LABEL_UNKNOWN',
    path,
    place,
    `this is the ${MOST_LABELS + 1}st different label`,
    'Check that the label stands in its own column; a classification has few classes.',
  );

const oneLabel = (path: string) =>
  dataError(
    'DATA_LABEL_UNKNOWN',
    path,
    null,
    'all records have the same label',
    'Give records of at least two classes.',
  );
