import { readFileSync } from 'node:fs';

const packageJson = new URL('../../package.json', import.meta.url);

/** The version in package.json. */
export const programVersion: string = JSON.parse(readFileSync(packageJson, 'utf8')).version;
