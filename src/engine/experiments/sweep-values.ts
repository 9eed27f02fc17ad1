import { UserError } from '../../contract/error.ts';

/** The numbers of `--values`, or the usual ones. @throws UserError VALUES_INVALID */
export function numbersOf(
  values: readonly string[] | null,
  usual: readonly number[],
  isValid: (value: number) => boolean,
  expected: string,
): number[] {
  const numbers = values?.map((text) => (text.trim() === '' ? Number.NaN : Number(text))) ?? [...usual];
  const wrong = numbers.findIndex((value) => !Number.isFinite(value) || !isValid(value));
  if (wrong !== -1) throw valuesInvalid(values?.[wrong] ?? '', expected);
  if (numbers.length === 0) throw valuesInvalid('', expected);
  return [...new Set(numbers)].sort((a, b) => a - b);
}

export const valuesInvalid = (found: string, expected: string) =>
  new UserError(
    'VALUES_INVALID',
    `--values has "${found}", but ${expected} is expected.`,
    'Correct the list, or leave it out to use the usual values.',
  );

export const formatShare = (share: number): string => `${Number((100 * share).toFixed(2))} %`;
