import { formatBytes, formatFigure } from '../quantities.ts';
import { formatPairs, formatTable } from '../table.ts';
import type { BackendFinding } from './backends.ts';
import type { Machine } from './machine.ts';
import type { TensorflowSetUp } from './tensorflow-set-up.ts';

export interface DoctorReport {
  readonly version: string;
  readonly node: { readonly version: string; readonly executable: string };
  readonly machine: Machine;
  readonly tensorflow: TensorflowSetUp;
  readonly backends: readonly BackendFinding[];
  /** The backend that runs use; null if none works. */
  readonly backend: string | null;
}

/** The report as text for a person. */
export function formatDoctor({ version, node, machine, tensorflow, backends }: DoctorReport): string {
  const { memoryFreeBytes, memoryTotalBytes } = machine;
  const facts: [string, string][] = [
    ['D-Pruner', version],
    ['Node', `${node.version} (${node.executable})`],
    ['System', `${machine.system}, ${machine.architecture}`],
    ['Processor', `${machine.cpuModel}, ${machine.cores} ${machine.cores === 1 ? 'core' : 'cores'}`],
    ['Memory', `${formatBytes(memoryFreeBytes)} free of ${formatBytes(memoryTotalBytes)}`],
    ...machine.disks.map(({ purpose, path, freeBytes }): [string, string] => [
      `Disk, ${purpose}`,
      `${formatBytes(freeBytes)} free (${path})`,
    ]),
    ['TensorFlow', describeSetUp(tensorflow)],
  ];
  const table = formatTable(
    ['Backend', '', 'GFLOP/s', ''],
    backends.map(({ name, usable, chosen, reason, matMulGflops }) => [
      name,
      chosen ? 'in use' : usable ? 'works' : 'cannot be used',
      matMulGflops === null ? '' : formatFigure(matMulGflops, 2),
      reason ?? '',
    ]),
    ['left', 'left', 'right'],
  );
  return [formatPairs(facts), '', table, '', verdict(backends, tensorflow)].join('\n');
}

function describeSetUp(setUp: TensorflowSetUp): string {
  switch (setUp.state) {
    case 'ready':
      return `ready (${setUp.libraryFolder})`;
    case 'unavailable':
      return `not available: ${setUp.reason}`;
    case 'not-set-up':
      return 'not set up';
  }
}

/** Which backend is used and why not a better one, and what to do about it. */
function verdict(backends: readonly BackendFinding[], setUp: TensorflowSetUp): string {
  const used = backends.find(({ chosen }) => chosen);
  if (!used) return 'No backend can be used. Run `npm run setup`, then `doctor` again.';
  const better = backends
    .slice(0, backends.indexOf(used))
    .filter(({ usable }) => !usable)
    .map(({ name }) => name);
  if (better.length === 0) return `Runs use ${used.name}, the best backend there is.`;
  const fix = setUp.state === 'ready' ? 'Run `npm run setup` to repair it.' : setUp.fix;
  return `Runs use ${used.name}, because ${better.join(' and ')} cannot be used: see above.\nWhat to do: ${fix}`;
}
