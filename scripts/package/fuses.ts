import { FuseV1Options as Fuse, type FuseConfig, FuseVersion, flipFuses } from '@electron/fuses';

/** The switches inside of Electron's binary as we give it to users. */
const WANTED = {
  [Fuse.RunAsNode]: false,
  [Fuse.EnableCookieEncryption]: true,
  [Fuse.EnableNodeOptionsEnvironmentVariable]: false,
  [Fuse.EnableNodeCliInspectArguments]: false,
  [Fuse.EnableEmbeddedAsarIntegrityValidation]: false,
  [Fuse.OnlyLoadAppFromAsar]: true,
  [Fuse.LoadBrowserProcessSpecificV8Snapshot]: false,
  [Fuse.GrantFileProtocolExtraPrivileges]: false,
};

/** Electron's major version in which a fuse came; those not named are in every version that we run on. */
const SINCE: Readonly<Record<number, number>> = { [Fuse.GrantFileProtocolExtraPrivileges]: 29 };
/** The integrity of an archive is validated on these alone; Windows since Electron 30. */
const VALIDATES: Readonly<Record<string, number>> = { darwin: 16, win32: 30 };

/** The fuses that this version has on this platform, and how they are to be. */
export function wantedFuses(electronVersion: string, platform: string): Partial<Record<Fuse, boolean>> {
  const major = Number.parseInt(electronVersion, 10);
  const wanted: Partial<Record<Fuse, boolean>> = {
    ...WANTED,
    [Fuse.EnableEmbeddedAsarIntegrityValidation]: major >= (VALIDATES[platform] ?? Number.POSITIVE_INFINITY),
  };
  for (const [fuse, since] of Object.entries(SINCE)) if (major < since) delete wanted[Number(fuse) as Fuse];
  return wanted;
}

export async function setFuses(binary: string, electronVersion: string, platform: string): Promise<void> {
  await flipFuses(binary, {
    version: FuseVersion.V1,
    resetAdHocDarwinSignature: platform === 'darwin',
    ...wantedFuses(electronVersion, platform),
  } as FuseConfig);
}
