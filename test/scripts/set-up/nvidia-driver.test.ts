import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { findNvidiaGpus } from '../../../scripts/set-up/nvidia-driver.ts';

afterEach(() => vi.unstubAllEnvs());

const emptyFolder = (): string => mkdtempSync(join(tmpdir(), 'dpruner-nvidia-'));

/** A machine whose nvidia-smi prints this; null where it has none. */
function machineWith(rows: string | null): string {
  const programs = emptyFolder();
  if (rows !== null) {
    writeFileSync(join(programs, 'nvidia-smi'), `#!/bin/sh\nprintf '${rows}'\n`);
    chmodSync(join(programs, 'nvidia-smi'), 0o755);
  }
  vi.stubEnv('PATH', programs);
  return emptyFolder();
}

it.skipIf(process.platform === 'win32')('finds what nvidia-smi lists', async () => {
  const proc = machineWith('NVIDIA H100 80GB HBM3, 550.54.15\\nNVIDIA L4, 550.54.15\\n');
  expect(await findNvidiaGpus(proc)).toEqual([
    { name: 'NVIDIA H100 80GB HBM3', driver: '550.54.15' },
    { name: 'NVIDIA L4', driver: '550.54.15' },
  ]);
});

it('finds a driver where there is no nvidia-smi, as in a container', async () => {
  const proc = machineWith(null);
  mkdirSync(join(proc, 'driver/nvidia'), { recursive: true });
  const text =
    'NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.159.04  Release Build\nGCC version: 12\n';
  writeFileSync(join(proc, 'driver/nvidia/version'), text);
  expect(await findNvidiaGpus(proc)).toEqual([{ name: 'NVIDIA', driver: '580.159.04' }]);
});

it.skipIf(process.platform === 'win32')(
  'finds none where the driver does not answer, or there is none',
  async () => {
    expect(await findNvidiaGpus(machineWith('No devices were found\\n'))).toEqual([]);
    expect(await findNvidiaGpus(machineWith(null))).toEqual([]);
  },
);
