import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type RunRequest, runRequest } from '../contract/run-request.ts';
import { pruneSettings } from '../contract/settings.ts';
import { loadPreset } from '../engine/calibration/preset.ts';

/** What ships with the program for a first run. */
export const DEMO = fileURLToPath(new URL('../../resources/demo', import.meta.url));
export const DEMO_MODEL = join(DEMO, 'model');
export const DEMO_PRESET = join(DEMO, 'preset.json');
const data = (name: string) => join(DEMO, 'data', name);

/** The demo's run, with its output in a free folder below `outputs`: neither there nor `promised` to another run. */
export async function demoRequest(outputs: string, promised: readonly string[]): Promise<RunRequest> {
  const preset = await loadPreset(DEMO_PRESET);
  return runRequest.parse({
    name: 'Demo: legal',
    modelDir: DEMO_MODEL,
    outDir: freeFolder(join(outputs, 'demo-legal'), promised),
    settings: pruneSettings.parse(preset.settings),
    calibration: {
      preset,
      data: { licenses: [data('legal-calibration.jsonl')] },
      openFiles: [data('general-calibration.jsonl')],
    },
    evaluation: {
      texts: [
        { name: 'Legal', role: 'domain', file: data('legal-test.txt') },
        { name: 'General', role: 'general', file: data('general-test.txt') },
      ],
    },
  });
}

function freeFolder(wanted: string, promised: readonly string[]): string {
  const isFree = (folder: string) => !promised.includes(folder) && !existsSync(folder);
  if (isFree(wanted)) return wanted;
  for (let n = 2; ; n++) if (isFree(`${wanted}-${n}`)) return `${wanted}-${n}`;
}
