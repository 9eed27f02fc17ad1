import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { UserError } from '../../contract/error.ts';
import { pruneSettings } from '../../contract/settings.ts';
import { promptTemplate } from './prompt-template.ts';
import { CONTAINERS } from './read-rows.ts';

const part = z.strictObject({
  /** What the command line calls it: `--data NAME=FILE`. */
  name: z.string().regex(/^[a-z0-9][a-z0-9_-]*$/, 'use small letters, digits, - and _'),
  title: z.string().min(1),
  /** Fraction of the samples. */
  share: z.number().positive().max(1),
  /** How its files hold the records; `auto` recognises it. */
  reader: z.enum(['auto', ...CONTAINERS]).default('auto'),
  /** How the dataset's own fields become a prompt and a completion; null where files come with ready texts. */
  template: promptTemplate.nullable().default(null),
});
export type PresetPart = z.infer<typeof part>;

const shape = pruneSettings.shape;
const presetSettings = z
  .strictObject({
    sparsity: shape.sparsity.unwrap(),
    mu: shape.mu.unwrap(),
    lambda: shape.lambda.unwrap(),
    alpha: shape.alpha.unwrap(),
    samples: shape.samples.unwrap(),
    sequenceLength: shape.sequenceLength.unwrap(),
    openSamples: shape.openSamples.unwrap(),
    openSequenceLength: shape.openSequenceLength.unwrap(),
  })
  .partial();

const preset = z
  .strictObject({
    name: z.string().min(1),
    title: z.string().min(1),
    description: z.string(),
    parts: z.array(part).min(1),
    /** Where they differ from the program's defaults. */
    settings: presetSettings.default({}),
  })
  .superRefine(({ parts }, context) => {
    const sum = parts.reduce((total, { share }) => total + share, 0);
    if (Math.abs(sum - 1) > 1e-6) {
      context.addIssue({ code: 'custom', path: ['parts'], message: `the shares add up to ${sum}, not 1` });
    }
    if (new Set(parts.map(({ name }) => name)).size < parts.length) {
      context.addIssue({ code: 'custom', path: ['parts'], message: 'two parts have the same name' });
    }
  });

/** A domain's calibration mix and the settings that go with it. */
export type Preset = z.infer<typeof preset>;

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
 * Loads a preset that comes with the program, by its name, or a file of the same form.
 *
 * @throws UserError PRESET_MISSING or PRESET_INVALID, naming the file and the field.
 */
export async function loadPreset(nameOrFile: string): Promise<Preset> {
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
