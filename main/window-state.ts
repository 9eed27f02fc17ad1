import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { app } from 'electron';
import { z } from 'zod';
import { appSettings } from '../src/contract/app-settings.ts';

const windowState = z.object({
  /** null: where the system puts it. */
  bounds: z
    .object({ x: z.int(), y: z.int(), width: z.int().min(400), height: z.int().min(300) })
    .nullable()
    .catch(null)
    .default(null),
  isMaximized: z.boolean().catch(false).default(false),
  theme: appSettings.shape.theme.catch('system').default('system'),
});
export type WindowState = z.infer<typeof windowState>;

/** How the window was left. A file that cannot be read counts as none: nothing in it is worth a refusal. */
export function readWindowState(): WindowState {
  try {
    return windowState.parse(JSON.parse(readFileSync(stateFile(), 'utf8')));
  } catch {
    return windowState.parse({});
  }
}

export function writeWindowState(change: Partial<WindowState>): void {
  const file = stateFile();
  const text = `${JSON.stringify({ ...readWindowState(), ...change }, null, 2)}\n`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
  } catch {
    // The next start then opens the window where the system puts it.
  }
}

function stateFile(): string {
  return join(app.getPath('userData'), 'window.json');
}
