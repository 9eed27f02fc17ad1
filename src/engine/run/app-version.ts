import packageJson from '../../../package.json' with { type: 'json' };

/** This program's version, as recorded in runs and exports. */
export const appVersion: string = packageJson.version;
