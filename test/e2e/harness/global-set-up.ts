import type { TestProject } from 'vitest/node';
import { buildDesktop } from '../../../scripts/electron/build-desktop.ts';
import { provideRuntime } from '../../../scripts/electron/runtime.ts';
import { requireLibraries, requireVirtualDisplay } from '../../../scripts/electron/system-packages.ts';
import { Unavailable } from '../../../scripts/set-up/unavailable.ts';
import { startVirtualDisplay } from './virtual-display.ts';

/** Before the first end-to-end test: an Electron, a display, the built application. Without them the tests are skipped. */
export default async function setUp(project: TestProject): Promise<() => void> {
  try {
    const runtime = await provideRuntime();
    await requireLibraries(runtime);
    const virtual = process.platform === 'linux' ? await openVirtualDisplay() : null;
    // While somebody works on the interface with a build of his own.
    if (!process.env.DPRUNER_E2E_AS_BUILT) await buildDesktop();
    project.provide('desktop', {
      isAvailable: true,
      folder: runtime.folder,
      executable: runtime.executable,
      electronVersion: runtime.version,
      display: virtual?.display ?? '',
    });
    return () => virtual?.close();
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    const reason = `${error.message} ${error.fix}`;
    console.error(`The end-to-end tests are skipped: ${reason}`);
    project.provide('desktop', { isAvailable: false, reason });
    return () => {};
  }
}

async function openVirtualDisplay() {
  await requireVirtualDisplay();
  return startVirtualDisplay();
}
