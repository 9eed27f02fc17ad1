import { InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { describeExpected } from './expectation.ts';
import { UsageError } from './failure.ts';

/**
 * The option's text as a number, or the text itself when it is none, so that whoever checks it can say what was found.
 */
export function numberOrText(text: string): number | string {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : text;
}

/** A parser for commander: a number as `schema` describes it. */
export function numberOf(schema: z.ZodType<number>): (text: string) => number {
  return (text) => {
    const parsed = schema.safeParse(numberOrText(text));
    if (parsed.success) return parsed.data;
    throw new InvalidArgumentError(`Expected ${describeExpected(schema)}.`);
  };
}

/** A parser for commander: how many of something, at least one. */
export const countOf = numberOf(z.int().positive());

/** A parser for commander for an option that may be repeated. */
export const collect = (value: string, earlier: readonly string[] = []): string[] => [...earlier, value];

/**
 * The parts of `NAME=FILE`.
 * @throws UsageError
 */
export function nameAndFile(pair: string, option: string, fix: string): [name: string, file: string] {
  const [, name, file] = /^([^=]+)=(.+)$/s.exec(pair) ?? [];
  if (name !== undefined && file !== undefined) return [name, file];
  throw new UsageError(`${option} takes NAME=FILE, but "${pair}" was found.`, fix);
}

/**
 * The files of `--data NAME=FILE` options by name; those of a name that is repeated are in the order given.
 * @throws UsageError
 */
export function namedFiles(pairs: readonly string[]): Map<string, string[]> {
  const fix =
    "Write the name that the preset gives to this part of the mix, '=' and the file, such as casehold=train.jsonl.";
  const files = new Map<string, string[]>();
  for (const pair of pairs) {
    const [name, file] = nameAndFile(pair, '--data', fix);
    files.set(name, [...(files.get(name) ?? []), file]);
  }
  return files;
}
