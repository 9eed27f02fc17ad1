import {
  BACKENDS,
  type BackendName,
  type BackendTrial,
  bestFirst,
  chosenOf,
  tryBackend,
} from '../../engine/tensor/backend.ts';
import { measureMatMulRate } from '../../engine/tensor/matmul-rate.ts';

/** What became of a backend on this machine. */
export interface BackendFinding {
  readonly name: BackendName;
  readonly usable: boolean;
  /** The best usable one is what runs use unless they are told otherwise. */
  readonly chosen: boolean;
  /** Why it cannot be used, or only where it is asked for by name. */
  readonly reason: string | null;
  /** float32 matrix products, 10⁹ operations a second; null if it cannot be used. */
  readonly matMulGflops: number | null;
}

/** Tries every backend and measures those that work; the best first. The last one tried stays the current one. */
export async function examineBackends(): Promise<BackendFinding[]> {
  const trials: (BackendTrial & Pick<BackendFinding, 'matMulGflops'>)[] = [];
  for (const name of BACKENDS) {
    const trial = await tryBackend(name);
    trials.push({ ...trial, matMulGflops: trial.usable ? measureMatMulRate() : null });
  }
  const chosen = chosenOf(trials);
  return bestFirst(trials).map((trial) => {
    const { name, usable, reason = null, matMulGflops } = trial;
    return { name, usable, chosen: trial === chosen, reason, matMulGflops };
  });
}
