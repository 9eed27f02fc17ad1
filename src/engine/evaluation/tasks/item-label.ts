import { z } from 'zod';
import { dataError } from '../../calibration/data-error.ts';
import { missingField } from '../../calibration/prompt-template.ts';
import type { Row } from '../../calibration/row.ts';
import type { Reading } from './read-task-rows.ts';
import type { ChoiceTask } from './task-definition.ts';

const label = z.union([z.string(), z.number(), z.boolean()]).transform((value) => String(value).trim());

/** The label as it is written in a record. @throws UserError DATA_FIELD_MISSING */
export function labelOf(task: ChoiceTask, row: Row, reading: Reading, path: string): string {
  const columns =
    reading === 'ready' ? ['label'] : (task.template.fields[task.label]?.columns ?? [task.label]);
  for (const column of columns) {
    const value = typeof column === 'string' ? row.fields.get(column) : [...row.fields.values()][column];
    const parsed = label.safeParse(value);
    if (parsed.success && parsed.data !== '') return parsed.data;
  }
  throw missingField(path, row.place, reading === 'ready' ? 'label' : task.label);
}

/**
 * The option that a label names: by its text or by its number from 0. Where both could be meant, classes are taken by their
 * text and a record's own choices by number.
 * @param names what the options are called
 * @throws UserError DATA_LABEL_UNKNOWN
 */
export function indexOfLabel(
  task: ChoiceTask,
  written: string,
  names: readonly string[],
  { path, place }: { path: string; place: string },
): number {
  const byText = names.indexOf(written);
  const number = /^\d+$/.test(written) ? Number(written) : Number.NaN;
  const byNumber = number < names.length ? number : -1;
  const [first, second] = task.classes ? [byText, byNumber] : [byNumber, byText];
  if (first >= 0) return first;
  if (second >= 0) return second;
  throw unknownLabel(task, written, names, path, place);
}

/** A label is named; anything long is no label and may be text that slipped into the wrong column. */
function unknownLabel(
  task: ChoiceTask,
  written: string,
  names: readonly string[],
  path: string,
  place: string,
) {
  const shown = written.length <= 20 ? `"${written}"` : `a value of ${written.length} characters`;
  const numbers = `a number from 0 to ${names.length - 1}`;
  const expected = task.classes
    ? `one of ${names.join(', ')}, or ${numbers}`
    : `${numbers}, or the text of a choice`;
  return dataError(
    'DATA_LABEL_UNKNOWN',
    path,
    place,
    `the label is ${shown}, where ${expected} is expected`,
    'Correct or remove this record.',
  );
}
