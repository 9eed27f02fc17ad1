import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { requireDesktop } from './desktop.ts';

export const projectFolder = dirname(dirname(dirname(import.meta.dirname)));

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
  });
  const page = await electron.firstWindow();
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

/** Electron refuses to run its sandbox as root, as which CI runs. Never among the arguments of what ships. */
export function sandboxArguments(): string[] {
  return process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
}

/** Nothing of the person who runs the tests is read or written. */
export function applicationEnvironment(home: string): Record<string, string> {
  const places: Record<string, string> = {
    HOME: home,
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_DATA_HOME: join(home, 'data'),
    XDG_CACHE_HOME: join(home, 'cache'),
    XDG_RUNTIME_DIR: join(home, 'runtime'),
    APPDATA: join(home, 'config'),
    LOCALAPPDATA: join(home, 'data'),
  };
  for (const folder of Object.values(places)) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { display } = requireDesktop();
  return {
    ...inheritedEnvironment(),
    ...places,
    // Nobody listens on the system's buses in a container; without this Electron waits for them.
    DBUS_SESSION_BUS_ADDRESS: 'disabled:',
    DPRUNER_NODE: process.execPath,
    ...(display ? { DISPLAY: display } : {}),
  };
}

function inheritedEnvironment(): Record<string, string> {
  const {
    WAYLAND_DISPLAY: _wayland,
    NODE_OPTIONS: _options,
    VITEST: _vitest,
    NODE_ENV: _env,
    ...rest
  } = process.env;
  return Object.fromEntries(
    Object.entries(rest).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
