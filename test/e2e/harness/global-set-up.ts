import type { TestProject } from 'vitest/node';
import { buildDesktop } from '../../../scripts/electron/build-desktop.ts';
import { provideRuntime } from '../../../scripts/electron/runtime.ts';
import {
  requireChromium,
  requireLibraries,
  requireVirtualDisplay,
} from '../../../scripts/electron/system-packages.ts';
import { Unavailable } from '../../../scripts/set-up/unavailable.ts';
import type { Desktop } from './desktop.ts';
import { startVirtualDisplay, type VirtualDisplay } from './virtual-display.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    desktop: Desktop;
    /** A current browser; null where there is none. */
    chromium: string | null;
  }
}

/**
 * Before the first end-to-end test: the built application, an Electron with a display, a Chromium. Whoever lacks one of
 * them has its tests skipped, and is told why.
 */
export default async function setUp(project: TestProject): Promise<() => void> {
  // While somebody works on the interface with a build of his own.
  if (!process.env.DPRUNER_E2E_AS_BUILT) await buildDesktop();
  project.provide('chromium', await unlessUnavailable(requireChromium, skipChromium));
  const { desktop, virtual } = await unlessUnavailable(provideDesktop, skipDesktop);
  project.provide('desktop', desktop);
  return () => virtual?.close();
}

interface Provided {
  readonly desktop: Desktop;
  readonly virtual: VirtualDisplay | null;
}

async function provideDesktop(): Promise<Provided> {
  const { folder, executable, version } = await provideRuntime();
  await requireLibraries({ folder, executable, version });
  const virtual = process.platform === 'linux' ? await openVirtualDisplay() : null;
  const display = virtual?.display ?? '';
  return {
    desktop: { isAvailable: true, folder, executable, electronVersion: version, display },
    virtual,
  };
}

async function openVirtualDisplay(): Promise<VirtualDisplay> {
  await requireVirtualDisplay();
  return startVirtualDisplay();
}

function skipDesktop(reason: string): Provided {
  console.error(`The end-to-end tests are skipped: ${reason}`);
  return { desktop: { isAvailable: false, reason }, virtual: null };
}

function skipChromium(reason: string): null {
  console.error(`The tests in a current Chromium are skipped: ${reason}`);
  return null;
}

async function unlessUnavailable<Wanted, Instead>(
  provide: () => Promise<Wanted>,
  skip: (reason: string) => Instead,
): Promise<Wanted | Instead> {
  try {
    return await provide();
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    return skip(`${error.message} ${error.fix}`);
  }
}
