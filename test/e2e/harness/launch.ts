import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { requireDesktop } from './desktop.ts';
import { environmentIn, projectFolder, sandboxArguments } from './environment.ts';

export { projectFolder, sandboxArguments };

/** A busy machine may take so long over what takes a moment on an idle one. */
const PATIENCE_MS = 90_000;

export interface LaunchOptions {
  /** The person's home with all that the application keeps; a new empty one that is removed at the end when left out. */
  readonly home?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly arguments?: readonly string[];
}

/** The running application. */
export interface Application {
  readonly electron: ElectronApplication;
  readonly page: Page;
  /** Its settings, its data and its logs lie below this folder. */
  readonly home: string;
  /** Quits as a person does, and waits for the end. */
  close(): Promise<void>;
}

/** Starts the built application in a home of its own and waits for its window. */
export async function launchApplication(options: LaunchOptions = {}): Promise<Application> {
  const home = options.home ?? mkdtempSync(join(tmpdir(), 'dpruner-e2e-'));
  // Playwright takes Electron from here. Given a program instead, it would not hold the application until it listens,
  // and now and then both would wait for each other.
  process.env.ELECTRON_OVERRIDE_DIST_PATH = requireDesktop().folder;
  const electron = await _electron.launch({
    chromiumSandbox: sandboxArguments().length === 0,
    args: [...(options.arguments ?? []), projectFolder],
    env: { ...applicationEnvironment(home), ...options.env },
    cwd: projectFolder,
    // Playwright would have every page believe that the system is light.
    colorScheme: null,
    timeout: PATIENCE_MS,
  });
  const page = await electron.firstWindow({ timeout: PATIENCE_MS });
  page.setDefaultTimeout(PATIENCE_MS);
  await page.waitForLoadState('load');
  return {
    electron,
    page,
    home,
    close: async () => {
      await electron.close();
      if (options.home === undefined) rmSync(home, { recursive: true, force: true });
    },
  };
}

/** In a home of its own, on the display of the tests. */
export const applicationEnvironment = (home: string): Record<string, string> =>
  environmentIn(home, requireDesktop().display);
