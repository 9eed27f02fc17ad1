import { readdirSync } from 'node:fs';
import { extname, join, posix } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

export interface ServedFile {
  readonly file: string;
  readonly type: string;
}

/**
 * The allow-list: every file of the built interface by its path in the URL. A request is looked up here and nowhere else,
 * so that no path, however it is written, reaches another file.
 */
export function listServedFiles(folder: string): ReadonlyMap<string, ServedFile> {
  const served = new Map<string, ServedFile>();
  const add = (inside: string): void => {
    for (const entry of readdirSync(join(folder, inside), { withFileTypes: true })) {
      const path = posix.join(inside, entry.name);
      const type = TYPES[extname(entry.name)];
      if (entry.isDirectory()) add(path);
      else if (entry.isFile() && type) served.set(path, { file: join(folder, path), type });
    }
  };
  add('/');
  return served;
}
