import { beforeAll, describe } from 'vitest';
import {
  BACKENDS,
  type BackendName,
  type BackendTrial,
  bestFirst,
  openBackend,
  tryBackend,
} from '../../src/engine/tensor/backend.ts';

const trials: BackendTrial[] = [];
for (const name of BACKENDS) trials.push(await tryBackend(name));

/** The backends that work on this machine as anything but a demonstration, best first. */
export const usableBackends: readonly BackendName[] = bestFirst(trials)
  .filter((one) => one.usable && !one.onlyByName)
  .map((one) => one.name);

interface HowLong {
  /** Not for an adapter that the processor computes, which is a thousand times slower than a graphics processor. */
  readonly isLong?: boolean;
}

/** Where WebGPU is computed by the processor. */
export const isSoftware = (name: BackendName): boolean =>
  trials.some((trial) => trial.name === name && trial.onlyByName === true);

/** Of cases that are much alike, a few where each takes seconds. */
export const casesOn = <T>(backend: BackendName, cases: readonly T[], few = 1): readonly T[] =>
  isSoftware(backend) ? cases.slice(0, few) : cases;

/** Runs the same tests on every backend; one that does not load is skipped by name, with its reason. */
export function describeOnEachBackend(
  title: string,
  tests: (backend: BackendName) => void,
  { isLong = false }: HowLong = {},
): void {
  for (const { name, usable, reason } of trials) {
    const isSlow = isLong && isSoftware(name);
    const why = isSlow ? `, too slow here: ${reason}` : usable ? '' : `, which cannot be used: ${reason}`;
    describe.skipIf(why !== '')(`${title} (${name}${why})`, () => {
      beforeAll(async () => void (await openBackend(name)));
      tests(name);
    });
  }
}
