import { beforeAll, describe } from 'vitest';
import {
  BACKENDS,
  type BackendName,
  type BackendTrial,
  openBackend,
  tryBackend,
} from '../../src/engine/tensor/backend.ts';

const trials: BackendTrial[] = [];
for (const name of BACKENDS) trials.push(await tryBackend(name));

/** The backends that work on this machine, best first. */
export const usableBackends: readonly BackendName[] = trials
  .filter((one) => one.usable)
  .map((one) => one.name);

/** Runs the same tests on every backend; one that does not load is skipped by name, with its reason. */
export function describeOnEachBackend(title: string, tests: (backend: BackendName) => void): void {
  for (const { name, usable, reason } of trials) {
    describe.skipIf(!usable)(`${title} (${name}${usable ? '' : `, which cannot be used: ${reason}`})`, () => {
      beforeAll(async () => void (await openBackend(name)));
      tests(name);
    });
  }
}
