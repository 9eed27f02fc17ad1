import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from '../../contract/error.ts';
import { type Preset, preset } from '../../contract/preset.ts';

export type { Preset, PresetPart } from '../../contract/preset.ts';

const PRESETS = fileURLToPath(new URL('../../../resources/presets/', import.meta.url));

/** The names of the presets that come with the program. */
export async function listPresets(): Promise<string[]> {
  const files = await readdir(PRESETS);
  return files
    .filter((file) => extname(file) === '.json')
    .map((file) => file.slice(0, -'.json'.length))
    .sort();
}

/**
 * Loads a preset that comes with the program, by its name, or a file of the same form; a preset itself is taken as it is.
 *
 * @throws UserError PRESET_MISSING or PRESET_INVALID, naming the file and the field.
 */
export async function loadPreset(nameOrFile: string | Preset): Promise<Preset> {
  if (typeof nameOrFile !== 'string') return nameOrFile;
  const names = await listPresets();
  const path = names.includes(nameOrFile) ? join(PRESETS, `${nameOrFile}.json`) : nameOrFile;
  const parsed = preset.safeParse(await readPreset(path, names));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw invalid(path, `${issue?.path.join('.') || 'the whole'}: ${issue?.message}`);
}

async function readPreset(path: string, names: readonly string[]): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new UserError(
      'PRESET_MISSING',
      `There is no preset "${path}", nor can a file of that name be read (${(error as NodeJS.ErrnoException).code}).`,
      `Name one of ${names.join(', ')}, or a preset file of your own.`,
    );
  }
  try {
    return JSON.parse(text);
  } catch {
    throw invalid(path, 'it is not valid JSON');
  }
}

const invalid = (path: string, reason: string) =>
  new UserError(
    'PRESET_INVALID',
    `The preset ${path} cannot be used: ${reason}.`,
    'Correct the file; the presets in resources/presets show the form.',
  );
