import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { z } from 'zod';
import { UserError } from '../../contract/error.ts';

/** A kind of JSON file of which some come with the program and a person may write others: presets, tasks. */
export interface DefinitionKind<Schema extends z.ZodType> {
  /** What one is called in messages; the errors' codes begin with it. */
  readonly noun: string;
  /** Where those lie that come with the program, and how messages name that folder. */
  readonly folder: string;
  readonly shownFolder: string;
  readonly schema: Schema;
}

/** The names of those that come with the program. */
export async function listDefinitions({
  folder,
}: Pick<DefinitionKind<z.ZodType>, 'folder'>): Promise<string[]> {
  const files = await readdir(folder);
  return files
    .filter((file) => extname(file) === '.json')
    .map((file) => file.slice(0, -'.json'.length))
    .sort();
}

/**
 * Loads one that comes with the program, by its name, or a file of the same form.
 * @returns what it says, and the file's path
 * @throws UserError …_MISSING or …_INVALID, naming the file and the field
 */
export async function loadDefinition<Schema extends z.ZodType>(
  kind: DefinitionKind<Schema>,
  nameOrFile: string,
): Promise<{ readonly definition: z.output<Schema>; readonly path: string }> {
  const names = await listDefinitions(kind);
  const path = names.includes(nameOrFile) ? join(kind.folder, `${nameOrFile}.json`) : nameOrFile;
  const parsed = kind.schema.safeParse(await readDefinition(kind, path, names));
  if (parsed.success) return { definition: parsed.data, path };
  const issue = parsed.error.issues[0];
  throw invalidDefinition(kind, path, `${issue?.path.join('.') || 'the whole'}: ${issue?.message}`);
}

async function readDefinition(
  kind: DefinitionKind<z.ZodType>,
  path: string,
  names: readonly string[],
): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new UserError(
      `${kind.noun.toUpperCase()}_MISSING`,
      `There is no ${kind.noun} "${path}", nor can a file of that name be read (${(error as NodeJS.ErrnoException).code}).`,
      `Name one of ${names.join(', ')}, or a ${kind.noun} file of your own.`,
    );
  }
  try {
    return JSON.parse(text);
  } catch {
    throw invalidDefinition(kind, path, 'it is not valid JSON');
  }
}

export const invalidDefinition = (
  { noun, shownFolder }: Pick<DefinitionKind<z.ZodType>, 'noun' | 'shownFolder'>,
  path: string,
  reason: string,
): UserError =>
  new UserError(
    `${noun.toUpperCase()}_INVALID`,
    `The ${noun} ${path} cannot be used: ${reason}.`,
    `Correct the file; the ${noun}s in ${shownFolder} show the form.`,
  );
