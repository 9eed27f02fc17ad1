import { open } from 'node:fs/promises';
import { UserError } from '../../contract/error.ts';
import type { PresetEntry } from '../../contract/preset.ts';
import { listPresets, loadPreset } from '../../engine/calibration/preset.ts';
import { unknownPreset } from '../../history/preset-store.ts';
import { DEMO_PRESET } from '../demo.ts';
import type { Keeper } from '../keeper.ts';
import { writeNewFile } from '../write-new-file.ts';
import type { HandlersOf } from './handlers.ts';

const MAX_PRESET_BYTES = 2 ** 20;

export function presetHandlers({ presets, audit, policy }: Keeper): HandlersOf<'presets'> {
  const now = () => new Date().toISOString();
  const list = async () => [...(await builtIn()), ...(await presets.list())];
  return {
    'presets.list': list,
    'presets.save': async ({ id, preset }) => {
      const saved = await (id === null ? presets.add(preset, now()) : presets.replace(id, preset, now()));
      await audit.append('preset.saved', preset.title, { id: saved.id });
      return saved;
    },
    'presets.remove': async ({ id }) => {
      await presets.remove(id);
      await audit.append('preset.removed', id, {});
      return {};
    },
    'presets.import': async ({ file }) => {
      policy.assertAllowed(file);
      await assertSmall(file);
      const saved = await presets.add(await loadPreset(file), now());
      await audit.append('preset.saved', saved.preset.title, { id: saved.id, file });
      return saved;
    },
    'presets.export': async ({ id, file }) => {
      policy.assertAllowed(file);
      const found = (await list()).find((entry) => entry.id === id);
      if (!found) throw unknownPreset(id);
      await writeNewFile(file, `${JSON.stringify(found.preset, null, 2)}\n`);
      return {};
    },
  };
}

async function builtIn(): Promise<PresetEntry[]> {
  const names = await listPresets();
  const shipped = names.map(async (name) => ({
    ...{ id: `builtin:${name}`, kind: 'builtin' as const },
    preset: await loadPreset(name),
  }));
  const demo = { id: 'builtin:demo', kind: 'demo' as const, preset: await loadPreset(DEMO_PRESET) };
  return [...(await Promise.all(shipped)), demo];
}

/** A file that a person picked by mistake may be of any size. */
async function assertSmall(path: string): Promise<void> {
  const file = await open(path).catch(() => null);
  const size = await file?.stat().finally(() => file.close());
  if (!size || size.size <= MAX_PRESET_BYTES) return; // loadPreset says what else is wrong
  throw new UserError(
    'PRESET_INVALID',
    `The preset ${path} cannot be used: it has ${size.size} bytes, too many for a preset.`,
    'Choose a file that was exported as a preset.',
  );
}
