import type { HardwareReport } from '../../contract/hardware.ts';
import type { Problem } from '../../contract/problem.ts';
import { backendTitle } from '../../contract/titles.ts';
import { type Share, totalBytes } from '../../engine/planning/share.ts';
import type { GraphicsMemory } from './graphics-memory.ts';

type Row = HardwareReport['rows'][number];
type Trial = HardwareReport['backends'][number];

const gib = (bytes: number): string =>
  bytes < 2 ** 30 ? `${Math.round(bytes / 2 ** 20)} MiB` : `${(bytes / 2 ** 30).toFixed(1)} GiB`;

/** Whether the backend that the run would use works; a slower one is taken only where it was asked for by name. */
export function backendRow(trials: readonly Trial[], wanted: Trial['name'] | null): Row {
  const chosen = trials.find(({ isChosen }) => isChosen);
  const best = trials[0];
  const base = { id: 'backend' as const, title: 'Computing', neededBytes: null, freeBytes: null, parts: [] };
  if (!chosen) {
    const reasons = trials.map(({ name, reason }) => `${backendTitle(name)}: ${reason}`).join('; ');
    return {
      ...base,
      isOk: false,
      finding: 'No tensor backend works on this machine.',
      problem: {
        code: 'BACKEND_UNAVAILABLE',
        message: `No tensor backend can be used (${reasons}).`,
        fix: wanted ? 'Let the program choose the backend.' : 'Install the application again.',
      },
    };
  }
  const rate = chosen.matMulGflops === null ? '' : `, ${Math.round(chosen.matMulGflops)} GFLOP/s`;
  const title = backendTitle(chosen.name);
  const bestTitle = backendTitle(best?.name ?? '');
  const finding = `${title} works${rate}.`;
  if (wanted !== null || chosen === best) return { ...base, isOk: true, finding, problem: null };
  return {
    ...base,
    isOk: false,
    finding: `${bestTitle} cannot be used (${best?.reason}); ${finding}`,
    problem: {
      code: 'BACKEND_SLOWER',
      message: `The fastest backend, ${bestTitle}, cannot be used: ${best?.reason}. ${title} is slower.`,
      fix: `Choose the backend ${title} to go on with it all the same.`,
    },
  };
}

export function memoryRow(parts: readonly Share[], freeBytes: number): Row {
  const neededBytes = totalBytes(parts);
  const isOk = neededBytes <= freeBytes;
  return {
    ...{ id: 'memory', title: 'Memory', isOk, neededBytes, freeBytes, parts: sorted(parts) },
    finding: `The run needs about ${gib(neededBytes)} at its peak; ${gib(freeBytes)} are free.`,
    problem: isOk
      ? null
      : lacking(
          'MEMORY_SHORT',
          'memory',
          neededBytes,
          freeBytes,
          'Close other programs, or choose a smaller model.',
        ),
  };
}

/** Graphics memory, where the run computes there; where it does not, the row says so. */
export function graphicsRow(isUsed: boolean, memory: GraphicsMemory | null, parts: readonly Share[]): Row {
  const base = { id: 'graphics' as const, title: 'Graphics memory', isOk: true, problem: null };
  const none = { neededBytes: null, freeBytes: null, parts: [] };
  if (!isUsed) {
    const there = memory ? `${memory.name} is there, but the chosen backend does not use it` : 'None is used';
    return { ...base, ...none, finding: `${there}: the run computes on the processor, in ordinary memory.` };
  }
  const neededBytes = totalBytes(parts);
  if (memory === null) {
    return {
      ...base,
      ...none,
      finding: `The run needs about ${gib(neededBytes)} of the graphics processor’s memory; how much of it is free cannot be read here.`,
    };
  }
  const { name, freeBytes, totalBytes: all } = memory;
  const isOk = neededBytes <= freeBytes;
  const fix = 'Close other programs that use the graphics processor, or choose a smaller model.';
  return {
    ...{ ...base, isOk, neededBytes, freeBytes, parts: sorted(parts) },
    finding: `The run needs about ${gib(neededBytes)} at its peak; ${gib(freeBytes)} of the ${gib(all)} of ${name} are free.`,
    problem: isOk ? null : lacking('GRAPHICS_SHORT', 'graphics memory', neededBytes, freeBytes, fix),
  };
}

const diskTitles = {
  'scratch-disk': 'Disk of the data folder',
  'output-disk': 'Disk of the output',
  disk: 'Disk',
};

const elsewhere = {
  'scratch-disk': 'choose a data folder on another disk in the settings',
  'output-disk': 'choose an output folder on another disk',
  disk: 'choose a data folder on another disk in the settings, or another disk for the output',
};

export function diskRow(
  id: keyof typeof diskTitles,
  folder: string,
  parts: readonly Share[],
  freeBytes: number,
): Row {
  const neededBytes = totalBytes(parts);
  const isOk = neededBytes <= freeBytes;
  const title = diskTitles[id];
  const fix = `Free some space there, or ${elsewhere[id]}.`;
  return {
    ...{ id, title, isOk, neededBytes, freeBytes, parts: sorted(parts) },
    finding: `The run writes about ${gib(neededBytes)} to ${folder}; ${gib(freeBytes)} are free.`,
    problem: isOk ? null : lacking('DISK_SHORT', `space at ${folder}`, neededBytes, freeBytes, fix),
  };
}

/** The largest first. */
const sorted = (parts: readonly Share[]): Share[] => parts.toSorted((one, other) => other.bytes - one.bytes);

const lacking = (code: string, what: string, needed: number, free: number, fix: string): Problem => ({
  code,
  message: `There is too little ${what}: about ${gib(needed)} are needed and ${gib(free)} are free.`,
  fix,
});
