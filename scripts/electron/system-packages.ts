import { existsSync } from 'node:fs';
import { say } from '../bootstrap/project.mjs';
import { lastLines, runCommand } from '../set-up/command.ts';
import { Unavailable } from '../set-up/unavailable.ts';
import type { Runtime } from './runtime.ts';

/** Debian's and Ubuntu's names; where they have moved on to 64-bit times, the second list. */
const LIBRARIES = ['libgtk-3-0', 'libnss3', 'libgbm1', 'libasound2', 'libxss1', 'libxtst6'];
const LIBRARIES_T64 = ['libgtk-3-0t64', 'libnss3', 'libgbm1', 'libasound2t64', 'libxss1', 'libxtst6'];

const CHROMIUMS = ['/usr/bin/chromium', '/usr/bin/google-chrome-stable'];

/** @throws Unavailable when libraries that Electron needs are missing and cannot be installed */
export async function requireLibraries(runtime: Runtime): Promise<void> {
  if (process.platform !== 'linux') return;
  const missing = await missingLibraries(runtime);
  if (missing.length === 0) return;
  const reason = `Electron needs libraries that this system lacks: ${missing.join(', ')}.`;
  const fix = `Install them (on Debian and Ubuntu: sudo apt-get install ${LIBRARIES.join(' ')}).`;
  await installPackages([LIBRARIES, LIBRARIES_T64], reason, fix);
  const stillMissing = await missingLibraries(runtime);
  if (stillMissing.length > 0) throw new Unavailable(`${stillMissing.join(', ')} cannot be found.`, fix);
}

/** @throws Unavailable when there is no virtual display and it cannot be installed */
export async function requireVirtualDisplay(): Promise<void> {
  if ((await runCommand('Xvfb', ['-help'])).exitCode !== null) return;
  await installPackages(
    [['xvfb']],
    'There is no Xvfb, the display without a screen in which the tests run the application.',
    'Install it (on Debian and Ubuntu: sudo apt-get install xvfb).',
  );
}

/** @returns the system's Chromium @throws Unavailable when there is none and it cannot be installed */
export async function requireChromium(): Promise<string> {
  const found = process.env.DPRUNER_CHROMIUM ?? CHROMIUMS.find((path) => existsSync(path));
  if (found !== undefined) return found;
  const reason =
    'There is no Chromium, in which the tests look at the interface as current browsers draw it.';
  const fix =
    'Install it (on Debian: sudo apt-get install chromium), or name one in the variable DPRUNER_CHROMIUM.';
  if (process.platform !== 'linux') throw new Unavailable(reason, fix);
  await installPackages([['chromium']], reason, fix);
  const installed = CHROMIUMS.find((path) => existsSync(path));
  if (installed === undefined) throw new Unavailable(reason, fix);
  return installed;
}

async function missingLibraries({ executable }: Runtime): Promise<string[]> {
  const { output } = await runCommand('ldd', [executable]);
  return [...output.matchAll(/^\s*(\S+) => not found/gm)].map(([, name]) => name ?? '');
}

/** As root on a system with apt, as in a container; nobody's desktop is changed unasked. */
async function installPackages(
  alternatives: readonly (readonly string[])[],
  reason: string,
  fix: string,
): Promise<void> {
  if (process.getuid?.() !== 0) throw new Unavailable(reason, fix);
  say(`${reason} Installing …`);
  const update = await runCommand('apt-get', ['update', '-q']);
  let last = update;
  for (const packages of alternatives) {
    last = await runCommand('env', [
      ...['DEBIAN_FRONTEND=noninteractive', 'apt-get', 'install', '-q', '-y', '--no-install-recommends'],
      ...packages,
    ]);
    if (last.exitCode === 0) return;
  }
  throw new Unavailable(`${reason} apt-get could not install them:\n${lastLines(last.output)}`, fix);
}
