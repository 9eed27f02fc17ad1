import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where set-up keeps what it downloads and compiles, outside of the project: `$DPRUNER_CACHE`, else the platform's place. */
export function cacheFolder(): string {
  const { DPRUNER_CACHE, LOCALAPPDATA, XDG_CACHE_HOME } = process.env;
  if (DPRUNER_CACHE) return DPRUNER_CACHE;
  if (process.platform === 'win32')
    return join(LOCALAPPDATA || join(homedir(), 'AppData', 'Local'), 'dpruner', 'Cache');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'dpruner');
  return join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'dpruner');
}
