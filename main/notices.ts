import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { places } from './places.ts';

/** The licences of what is built into the interface, and where those of the rest lie. */
export function readNotices(): string {
  const file = join(places.interface, 'licenses.md');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
