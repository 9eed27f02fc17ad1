import { z } from 'zod';
import { dataError } from '../../calibration/data-error.ts';
import { fillTemplate } from '../../calibration/prompt-template.ts';
import type { Row } from '../../calibration/row.ts';
import type { Reading } from './read-task-rows.ts';
import type { ChoiceTask } from './task-definition.ts';

const choiceList = z.array(z.string().trim().min(1)).min(2);
const choiceCell = z.union([z.string(), z.number(), z.boolean()]).transform(String);

/**
 * What may follow a record's prompt; null where the labels of all records are the options.
 * @throws UserError DATA_FIELD_MISSING
 */
export function optionsOf(task: ChoiceTask, row: Row, reading: Reading, path: string): string[] | null {
  const own = row.fields.get('choices');
  const takesOwn = reading === 'ready' || task.options === 'choices';
  if (takesOwn && own !== undefined) {
    if (!choiceList.safeParse(own).success) throw notAList(path, row.place);
    const texts = own as string[];
    return reading === 'ready' ? texts : texts.map((text) => asOption(task, text));
  }
  const cells = takesOwn ? choiceCells(row) : [];
  if (cells.length > 0) {
    if (cells.length < 2 || cells.some((cell) => cell.trim() === '')) throw brokenCells(path, row.place);
    return cells.map((cell) => asOption(task, cell));
  }
  if (task.options === 'labels') return null;
  if (task.options === 'choices') throw noChoices(path, row.place);
  if (reading === 'ready') return task.options.map((text) => assertLiteral(text, path, row.place));
  const { template } = task;
  return task.options.map((completion) => fillTemplate({ ...template, completion }, row, path).completion);
}

/** A choice or label that stands alone, as it follows the prompt. */
export const asOption = ({ option }: ChoiceTask, text: string): string =>
  option.replace('{option}', () => text.trim());

/** The columns choice_0, choice_1, … of a table; empty cells at the end are no choices. */
function choiceCells({ fields }: Row): string[] {
  const cells: string[] = [];
  for (let i = 0; fields.has(`choice_${i}`); i++) {
    const cell = choiceCell.safeParse(fields.get(`choice_${i}`));
    cells.push(cell.success ? cell.data : '');
  }
  while (cells.at(-1)?.trim() === '') cells.pop();
  return cells;
}

function assertLiteral(text: string, path: string, place: string): string {
  if (!/\{\w+\}/.test(text)) return text;
  throw noChoices(path, place);
}

const notAList = (path: string, place: string) =>
  dataError(
    'DATA_FIELD_MISSING',
    path,
    place,
    'the field "choices" is no list of at least two texts',
    'Write a JSON list of texts; in a table, use the columns choice_0, choice_1 and so on.',
  );

const brokenCells = (path: string, place: string) =>
  dataError(
    'DATA_FIELD_MISSING',
    path,
    place,
    'of the fields choice_0, choice_1 and so on at least two are expected, none of them empty but the last ones',
    'Complete or remove this record.',
  );

const noChoices = (path: string, place: string) =>
  dataError(
    'DATA_FIELD_MISSING',
    path,
    place,
    'there is neither a list "choices" nor the fields choice_0, choice_1 and so on',
    'Complete or remove this record.',
  );
