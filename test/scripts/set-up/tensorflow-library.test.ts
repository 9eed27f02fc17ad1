import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { runCommand } from '../../../scripts/set-up/command.ts';
import { tensorflowCudaRelease } from '../../../scripts/set-up/tensorflow-cuda-release.ts';
import { provideTensorflowLibrary } from '../../../scripts/set-up/tensorflow-library.ts';
import type { TensorflowRelease } from '../../../scripts/set-up/tensorflow-release.ts';
import { temporaryFolder } from '../../engine/checkpoint/temporary-folder.ts';

const folder = temporaryFolder();
const hasPip = (await runCommand('python3', ['-m', 'pip', '--version'])).exitCode === 0;
const hashOf = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex');

/** A wheel with these members in a folder that pip looks into in place of an index. */
const makeWheel = `
import sys, zipfile
path, name, version, *members = sys.argv[1:]
with zipfile.ZipFile(path, "w") as wheel:
    for member in members:
        wheel.writestr(member, "contents of " + member)
    info = f"{name}-{version}.dist-info/"
    wheel.writestr(info + "METADATA", f"Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n")
    wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: false\\n")
    wheel.writestr(info + "RECORD", "")
`;

/** Those of its wheels that stand for all: pip takes a second for each. */
const SOME = /^(tensorflow|nvidia-cublas-cu12|nvidia-nccl-cu12)=/;

/** The CUDA release with wheels of the same names and layout that hold next to nothing. */
function smallRelease(index: string): TensorflowRelease {
  const wheels = tensorflowCudaRelease.wheels
    .filter(({ requirement }) => SOME.test(requirement))
    .map((wheel) => {
      const [name = '', version = ''] = wheel.file.split('-');
      const path = join(index, wheel.file);
      const members =
        name === 'tensorflow'
          ? [
              'tensorflow/libtensorflow_cc.so.2',
              'tensorflow/libtensorflow_framework.so.2',
              'tensorflow/python/no.py',
            ]
          : [`${wheel.members[0]}lib.so.12`, `${wheel.members[0]?.replace('/lib/', '/include/')}no.h`];
      execFileSync('python3', ['-c', makeWheel, path, name, version, ...members]);
      return { ...wheel, sha256: hashOf(readFileSync(path)) };
    });
  const contents = (library: string) => hashOf(`contents of tensorflow/${library}`);
  return {
    ...tensorflowCudaRelease,
    wheels: wheels as unknown as TensorflowRelease['wheels'],
    libraries: Object.fromEntries(
      Object.keys(tensorflowCudaRelease.libraries).map((name) => [name, contents(name)]),
    ),
  };
}

describe.skipIf(!hasPip)('TensorFlow for NVIDIA’s graphics processors', () => {
  let release: TensorflowRelease;
  beforeAll(() => {
    const index = mkdtempSync(join(tmpdir(), 'dpruner-wheels-'));
    release = smallRelease(index);
    vi.stubEnv('PIP_NO_INDEX', '1');
    vi.stubEnv('PIP_FIND_LINKS', index);
    return () => vi.unstubAllEnvs();
  });

  it('is laid out as its libraries look for NVIDIA’s', async () => {
    const library = await provideTensorflowLibrary(join(folder, 'cache'), release);
    expect(readdirSync(library).sort()).toEqual([
      'libtensorflow.so',
      'libtensorflow_cc.so.2',
      'libtensorflow_framework.so',
      'libtensorflow_framework.so.2',
    ]);
    expect(readlinkSync(join(library, 'libtensorflow.so'))).toBe('libtensorflow_cc.so.2');
    for (const name of ['cublas', 'nccl']) {
      const other = join(library, '../nvidia', name);
      expect([name, readdirSync(other), readdirSync(join(other, 'lib'))]).toEqual([
        name,
        ['lib'],
        ['lib.so.12'],
      ]);
    }
    expect(readdirSync(join(library, '..')).sort()).toEqual(['nvidia', 'tensorflow']);
  });

  it('is not taken from a wheel with another checksum, and leaves nothing', async () => {
    const [first, second, ...others] = release.wheels;
    const forged = { ...second, sha256: hashOf('another') } as TensorflowRelease['wheels'][0];
    const cache = join(folder, 'forged');
    await expect(
      provideTensorflowLibrary(cache, { ...release, wheels: [first, forged, ...others] }),
    ).rejects.toThrow(/nvidia_cublas_cu12.*SHA-256 .* expected/);
    expect(existsSync(join(cache, release.folder))).toBe(false);
  });

  it('is downloaded again where a library in the cache is damaged', async () => {
    const cache = join(folder, 'damaged');
    const library = await provideTensorflowLibrary(cache, release);
    const file = join(library, 'libtensorflow_cc.so.2');
    writeFileSync(file, 'damaged');
    await provideTensorflowLibrary(cache, release);
    expect(readFileSync(file, 'utf8')).toBe('contents of tensorflow/libtensorflow_cc.so.2');
  });
});
