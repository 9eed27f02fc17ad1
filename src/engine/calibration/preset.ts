import { fileURLToPath } from 'node:url';
import { type Preset, preset } from '../../contract/preset.ts';
import { listDefinitions, loadDefinition } from './definition-file.ts';

export type { Preset, PresetPart } from '../../contract/preset.ts';

const PRESETS = {
  noun: 'preset',
  folder: fileURLToPath(new URL('../../../resources/presets/', import.meta.url)),
  shownFolder: 'resources/presets',
  schema: preset,
};

/** The names of the presets that come with the program. */
export const listPresets = (): Promise<string[]> => listDefinitions(PRESETS);

/**
 * Loads a preset that comes with the program, by its name, or a file of the same form; a preset itself is taken as it is.
 *
 * @throws UserError PRESET_MISSING or PRESET_INVALID, naming the file and the field.
 */
export async function loadPreset(nameOrFile: string | Preset): Promise<Preset> {
  if (typeof nameOrFile !== 'string') return nameOrFile;
  return (await loadDefinition(PRESETS, nameOrFile)).definition;
}
