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

/** The demo's run, with its output in a free folder below `outputs`. */
export async function demoRequest(outputs: string): Promise<RunRequest> {
  const preset = await loadPreset(DEMO_PRESET);
  return runRequest.parse({
    name: 'Demo: legal',
    modelDir: DEMO_MODEL,
    outDir: freeFolder(join(outputs, 'demo-legal')),
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

function freeFolder(wanted: string): string {
  if (!existsSync(wanted)) return wanted;
  for (let n = 2; ; n++) if (!existsSync(`${wanted}-${n}`)) return `${wanted}-${n}`;
}
