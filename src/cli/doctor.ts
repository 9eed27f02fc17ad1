import { dirname } from 'node:path';
import { Command } from 'commander';
import { appVersion } from '../engine/run/app-version.ts';
import type { DoctorReport } from './doctor/format-doctor.ts';
import { writeReport } from './outcome.ts';
import { jsonOption } from './shared-options.ts';

/** `doctor`: the machine, and which backend is used and why not a better one. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('Look at this machine: memory, disk, backends; which one is used and why not a better one.')
    .addOption(jsonOption())
    .action(async ({ json = false }: { json?: boolean }) => {
      const { formatDoctor } = await import('./doctor/format-doctor.ts');
      writeReport(await examine(), json, formatDoctor);
    });
}

async function examine(): Promise<DoctorReport> {
  const { readTensorflowSetUp } = await import('./doctor/tensorflow-set-up.ts');
  const { examineMachine } = await import('./doctor/machine.ts');
  const { examineBackends } = await import('./doctor/backends.ts');
  const tensorflow = await readTensorflowSetUp();
  // Before the backends are loaded: their own footprint is not the machine's.
  const machine = await examineMachine(
    tensorflow.state === 'ready' ? dirname(tensorflow.libraryFolder) : null,
  );
  const backends = await examineBackends();
  return {
    version: appVersion,
    node: { version: process.version, executable: process.execPath },
    machine,
    tensorflow,
    backends,
    backend: backends.find(({ chosen }) => chosen)?.name ?? null,
  };
}
