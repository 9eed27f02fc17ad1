import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, lstatSync } from 'node:fs';

/** A .deb and what the system's package manager makes of it. */
export class DebianPackage {
  readonly #file: string;
  readonly #name: string;

  constructor(file: string) {
    this.#file = file;
    this.#name = this.field('Package');
  }

  field(name: string): string {
    return execFileSync('dpkg-deb', ['-f', this.#file, name], { encoding: 'utf8' }).trim();
  }

  /** Why it is not installed in a test; null where it can be: as root, and in nobody's way. */
  get obstacle(): string | null {
    if (process.getuid?.() !== 0) return 'only root installs packages';
    if (this.isInstalled || existsSync(`/opt/${this.#name}`)) return 'there is one on this computer already';
    const missing = this.field('Depends')
      .split(',')
      .filter((alternatives) => !alternatives.split('|').some((name) => isInstalled(name.trim())));
    return missing.length === 0 ? null : `this system lacks ${missing.join(', ')}`;
  }

  get isInstalled(): boolean {
    return isInstalled(this.#name);
  }

  /** @throws with what dpkg says */
  install(): void {
    execFileSync('dpkg', ['--install', this.#file], { stdio: 'pipe' });
  }

  purge(): void {
    execFileSync('dpkg', ['--purge', this.#name], { stdio: 'pipe' });
  }

  unpack(folder: string): void {
    execFileSync('dpkg-deb', ['-x', this.#file, folder]);
  }

  /** Of the installed package: every file, and the folders that are its alone. */
  ownPaths(): string[] {
    const list = execFileSync('dpkg', ['-L', this.#name], { encoding: 'utf8', maxBuffer: 2 ** 26 });
    const paths = list.trim().split('\n');
    return paths.filter((path) => path.includes(this.#name) && lstatSync(path, { throwIfNoEntry: false }));
  }
}

function isInstalled(name: string): boolean {
  const { stdout } = spawnSync('dpkg', ['--status', name], { encoding: 'utf8' });
  return /^Status: install ok installed$/m.test(stdout ?? '');
}
