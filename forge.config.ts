import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { ForgeConfig } from '@electron-forge/shared-types';
import { projectFolder } from './scripts/bootstrap/project.mjs';
import { DebMaker } from './scripts/package/deb-maker.ts';
import { setFuses } from './scripts/package/fuses.ts';
import { MsiMaker } from './scripts/package/msi-maker.ts';
import { packagePlaces } from './scripts/package/places.ts';

const icons = join(projectFolder, 'resources', 'icons');
const publisher = 'The D-Pruner Desktop authors';
const {
  DPRUNER_ELECTRON_ZIPS,
  DPRUNER_SIGN_IDENTITY,
  DPRUNER_CERTIFICATE_FILE,
  DPRUNER_CERTIFICATE_PASSWORD,
} = process.env;
/** Signing keys come from the environment; without them the installers are not signed. */
const windowsSign = DPRUNER_CERTIFICATE_FILE
  ? {
      certificateFile: DPRUNER_CERTIFICATE_FILE,
      certificatePassword: DPRUNER_CERTIFICATE_PASSWORD ?? '',
    }
  : {};

/** Settings of the installers; `npm run make` prepares what they pack. */
const config: ForgeConfig = {
  outDir: packagePlaces.out,
  packagerConfig: {
    name: 'D-Pruner Desktop',
    executableName: 'd-pruner-desktop',
    appBundleId: 'org.d-pruner.desktop',
    icon: join(icons, 'icon'),
    asar: true,
    prune: false,
    ignore: [/^\/forge\.config\.mjs$/, /^\/dist\/built\.json$/],
    extraResource: [packagePlaces.service, packagePlaces.node],
    ...(DPRUNER_ELECTRON_ZIPS ? { electronZipDir: DPRUNER_ELECTRON_ZIPS } : {}),
    ...(DPRUNER_SIGN_IDENTITY ? { osxSign: { identity: DPRUNER_SIGN_IDENTITY } } : {}),
  },
  hooks: {
    packageAfterExtract: async (_config, folder, electronVersion, platform) => {
      const names: Record<string, string> = { darwin: 'Electron.app', win32: 'electron.exe' };
      const binary = names[platform] ?? 'electron';
      await setFuses(join(folder, binary), electronVersion, platform);
    },
  },
  makers: [
    new DebMaker({ icon: join(icons, 'icon.png'), maintainer: `${publisher} <noreply@d-pruner.invalid>` }),
    { name: '@electron-forge/maker-zip', platforms: ['linux', 'darwin', 'win32'], config: {} },
    // Forge refuses to make anything when a maker's program is missing.
    ...(hasProgram('rpmbuild') ? [{ name: '@electron-forge/maker-rpm', config: {} }] : []),
    ...(hasProgram('candle')
      ? [
          new MsiMaker({
            icon: join(icons, 'icon.ico'),
            manufacturer: publisher,
            upgradeCode: '7c0b5d6e-41f5-4a6f-9b5b-0d1a9d3c2f88',
            ...windowsSign,
          }),
        ]
      : []),
    {
      name: '@electron-forge/maker-squirrel',
      config: { name: 'd_pruner_desktop', setupIcon: join(icons, 'icon.ico'), ...windowsSign },
    },
    { name: '@electron-forge/maker-dmg', config: { icon: join(icons, 'icon.icns') } },
  ],
};
export default config;

function hasProgram(name: string): boolean {
  return spawnSync(name, ['--version']).error === undefined;
}
