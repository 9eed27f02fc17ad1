/**
 * `npm start`: opens the application. Without a display, or without an Electron, it says so and runs the demo in the
 * terminal. What is given to `npm start --` goes to Electron.
 */
import { join } from 'node:path';
import { projectFolder, say } from './bootstrap/project.mjs';
import { buildDesktop } from './electron/build-desktop.ts';
import { hasDisplay } from './electron/display.ts';
import { openApplication } from './electron/open-application.ts';
import { provideRuntime, type Runtime } from './electron/runtime.ts';
import { requireLibraries } from './electron/system-packages.ts';
import { Unavailable } from './set-up/unavailable.ts';

const runtime = await findRuntime();
if (runtime) {
  await buildDesktop();
  process.exitCode = await openApplication(runtime, process.argv.slice(2));
} else {
  process.argv = [process.execPath, join(projectFolder, 'src', 'cli', 'main.ts'), 'demo'];
  await import('../src/cli/main.ts');
}

/** null, with the reason said, when the application cannot be shown here. */
async function findRuntime(): Promise<Runtime | null> {
  if (!hasDisplay()) {
    say(
      'There is no display (neither DISPLAY nor WAYLAND_DISPLAY is set), so the desktop application cannot be shown. Here is the demo, in the terminal.',
    );
    return null;
  }
  try {
    const found = await provideRuntime();
    await requireLibraries(found);
    return found;
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    say(
      `The desktop application cannot be shown here.\n${error.message}\n${error.fix}\nHere is the demo, in the terminal.`,
    );
    return null;
  }
}
