import { type FieldRule, PLACEHOLDER, type PromptTemplate } from '../../contract/prompt-template.ts';
import { dataError } from './data-error.ts';
import type { Row } from './row.ts';

export type { PromptTemplate } from '../../contract/prompt-template.ts';

/** The calibration text is `prompt + completion`, with nothing between. */
export interface CalibrationRecord {
  readonly prompt: string;
  readonly completion: string;
}

/**
 * @throws UserError DATA_FIELD_MISSING or DATA_LABEL_UNKNOWN, by the row's place.
 */
export function fillTemplate(template: PromptTemplate, row: Row, path: string): CalibrationRecord {
  const values = new Map<string, string>();
  for (const [name, rule] of Object.entries(template.fields)) {
    const value = findColumn(row, name, rule);
    if (value === undefined) throw missingField(path, row.place, name);
    values.set(
      name,
      tidy(value, rule, () => missingField(path, row.place, name)),
    );
  }
  for (const [name, { field, values: meanings }] of Object.entries(template.lookups)) {
    const label = values.get(field) ?? '';
    if (!Object.hasOwn(meanings, label)) {
      throw unknownLabel(path, row.place, field, label, Object.keys(meanings));
    }
    values.set(name, meanings[label] ?? '');
  }
  const fill = (text: string) => text.replace(PLACEHOLDER, (_, name: string) => values.get(name) ?? '');
  return { prompt: fill(template.prompt), completion: fill(template.completion) };
}

/** The fields that a row lacks: by the columns' names, or where `byPosition` by their positions too. */
export function missingFields(template: PromptTemplate, row: Row, byPosition: boolean): string[] {
  return Object.entries(template.fields)
    .filter(([name, rule]) => {
      const columns = (rule.columns ?? [name]).filter((column) => byPosition || typeof column === 'string');
      return findColumn(row, name, { ...rule, columns }) === undefined;
    })
    .map(([name]) => name);
}

function findColumn(row: Row, name: string, rule: FieldRule): unknown {
  for (const column of rule.columns ?? [name]) {
    const value = typeof column === 'string' ? row.fields.get(column) : [...row.fields.values()][column];
    if (value !== undefined && value !== null && value !== '') return value;
  }
  return undefined;
}

function tidy(value: unknown, rule: FieldRule, missing: () => Error): string {
  const pieces = Array.isArray(value) ? value : [value];
  if (pieces.length === 0 || !pieces.every(isScalar)) throw missing();
  let text = pieces.join(rule.join);
  if (rule.collapseWhitespace) text = text.replace(/\s+/g, ' ').trim();
  return rule.maxCharacters === undefined ? text : cut(text, rule.maxCharacters);
}

const isScalar = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);

/** Counts code points, so that no character is cut in two. */
function cut(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  const characters = Array.from(text);
  if (characters.length <= maxCharacters) return text;
  const start = characters.slice(0, maxCharacters).join('');
  const lastBlank = start.lastIndexOf(' ');
  return lastBlank < 0 ? start : start.slice(0, lastBlank);
}

export const missingField = (path: string, place: string, name: string) =>
  dataError(
    'DATA_FIELD_MISSING',
    path,
    place,
    `the field "${name}" is missing, empty or not text`,
    'Complete or remove this record.',
  );

/** A label is named; anything long is no label and may be text that slipped into the wrong column. */
function unknownLabel(path: string, place: string, field: string, label: string, known: string[]): Error {
  const shown = label.length <= 20 ? `"${label}"` : `a value of ${label.length} characters`;
  return dataError(
    'DATA_LABEL_UNKNOWN',
    path,
    place,
    `${field} is ${shown}, which is none of ${known.join(', ')}`,
    'Correct or remove this record.',
  );
}
