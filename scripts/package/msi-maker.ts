import { join } from 'node:path';
import { MakerBase, type MakerOptions } from '@electron-forge/maker-base';

export interface MsiSettings {
  readonly icon: string;
  readonly manufacturer: string;
  /** Stays the same for ever: by it Windows knows that one version replaces another. */
  readonly upgradeCode: string;
}

/** An installer for all users of a Windows machine; `msiexec /i … /qn` installs it silently. Needs WiX 3 on the PATH. */
export class MsiMaker extends MakerBase<MsiSettings> {
  name = 'msi';
  defaultPlatforms: ['win32'] = ['win32'];
  override requiredExternalBinaries = ['candle', 'light'];

  override isSupportedOnCurrentPlatform(): boolean {
    return process.platform === 'win32';
  }

  override async make({ dir, makeDir, targetArch, packageJSON, appName }: MakerOptions): Promise<string[]> {
    const { MSICreator } = await import('electron-wix-msi');
    const outputDirectory = join(makeDir, 'msi', targetArch);
    await this.ensureDirectory(outputDirectory);
    const creator = new MSICreator({
      ...this.config,
      appDirectory: dir,
      outputDirectory,
      exe: packageJSON.name,
      name: appName,
      version: packageJSON.version,
      description: packageJSON.description,
      arch: 'x64',
      defaultInstallMode: 'perMachine',
      features: false,
      ui: { chooseDirectory: true },
    });
    await creator.create();
    const { msiFile } = await creator.compile();
    return [msiFile];
  }
}
