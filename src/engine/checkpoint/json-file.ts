import type { z } from 'zod';
import { UserError } from '../../contract/error.ts';
import { openReadOnly } from './open-read-only.ts';

const GET_AGAIN = 'Download the file again from where the model came from.';
/** Far above any real config or index; a larger file is not one. */
const MAX_JSON_BYTES = 64 * 2 ** 20;

/** Parses a JSON file of a checkpoint; CONFIG_INVALID names the file and what is wrong. */
export async function readJsonFile(path: string): Promise<unknown> {
  const text = await readText(path);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError('CONFIG_INVALID', `${path} is not valid JSON`, GET_AGAIN, { cause: error });
  }
}

async function readText(path: string): Promise<string> {
  const file = await openReadOnly(path);
  try {
    const { size } = await file.stat();
    if (size <= MAX_JSON_BYTES) return await file.readFile('utf8');
    throw new UserError(
      'CONFIG_INVALID',
      `${path} has ${size} bytes, too many for a configuration file`,
      GET_AGAIN,
    );
  } finally {
    await file.close();
  }
}

/** `json` as the schema describes it; CONFIG_INVALID names the file, the key and what is wrong with it. */
export function checkJson<T>(schema: z.ZodType<T>, json: unknown, file: string): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues
    .slice(0, 3)
    .map(({ path, message }) => `${path.join('.') || 'file'}: ${message}`);
  throw new UserError('CONFIG_INVALID', `${file} is not as expected: ${issues.join('; ')}`, GET_AGAIN);
}
