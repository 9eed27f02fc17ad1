import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const projectFolder = dirname(dirname(dirname(import.meta.dirname)));

/** Electron refuses to run its sandbox as root, as which CI runs. Never among the arguments of what ships. */
export function sandboxArguments(): string[] {
  return process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
}

/**
 * The application's environment with a home of its own: nothing of the person who runs the tests is read or written.
 *
 * @param display as in the variable DISPLAY; empty for the system's own
 */
export function environmentIn(home: string, display: string): Record<string, string> {
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
