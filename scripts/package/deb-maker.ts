import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { MakerBase, type MakerOptions } from '@electron-forge/maker-base';

export interface DebSettings {
  readonly icon: string;
  readonly maintainer: string;
}

const DEPENDS = 'libgtk-3-0 | libgtk-3-0t64, libnss3, libgbm1, libasound2 | libasound2t64, libxss1, libxtst6';
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** A .deb by dpkg-deb alone. Zstandard, which Debian 12 and Ubuntu 22.04 read, packs TensorFlow in seconds. */
export class DebMaker extends MakerBase<DebSettings> {
  name = 'deb';
  defaultPlatforms: ['linux'] = ['linux'];
  override requiredExternalBinaries = ['dpkg-deb'];

  override isSupportedOnCurrentPlatform(): boolean {
    return process.platform === 'linux';
  }

  override async make({ dir, makeDir, targetArch, packageJSON, appName }: MakerOptions): Promise<string[]> {
    const { name, version, description } = packageJSON;
    const architecture = ARCHITECTURES[targetArch] ?? targetArch;
    const folder = join(makeDir, 'deb');
    const tree = join(folder, 'tree');
    const artefact = join(folder, `${name}_${version}_${architecture}.deb`);
    await this.ensureDirectory(folder);
    const installed = join(tree, 'opt', name);
    cpSync(dir, installed, { recursive: true, verbatimSymlinks: true });
    // Where the kernel allows no user namespaces, Chromium's sandbox needs this helper to be root's.
    chmodSync(join(installed, 'chrome-sandbox'), 0o4755);
    mkdirSync(join(tree, 'usr/bin'), { recursive: true });
    symlinkSync(`/opt/${name}/${name}`, join(tree, 'usr/bin', name));
    writeText(
      join(tree, 'usr/share/applications', `${name}.desktop`),
      `[Desktop Entry]\nType=Application\nName=${appName}\nComment=${description}\nExec=/opt/${name}/${name}\nIcon=${name}\nCategories=Science;\nTerminal=false\n`,
    );
    cpSync(this.config.icon, join(tree, 'usr/share/icons/hicolor/512x512/apps', `${name}.png`));
    writeText(
      join(tree, 'DEBIAN/control'),
      `Package: ${name}\nVersion: ${version}\nArchitecture: ${architecture}\nMaintainer: ${this.config.maintainer}\nSection: science\nPriority: optional\nDepends: ${DEPENDS}\nDescription: ${description}\n`,
    );
    execFileSync('dpkg-deb', ['--root-owner-group', '-Zzstd', '-z3', '--build', tree, artefact]);
    rmSync(tree, { recursive: true });
    return [artefact];
  }
}

function writeText(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
