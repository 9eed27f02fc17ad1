import { BACKENDS, type BackendName, tryBackend } from '../../engine/tensor/backend.ts';
import { measureMatMulRate } from '../../engine/tensor/matmul-rate.ts';

/** What became of a backend on this machine. */
export interface BackendFinding {
  readonly name: BackendName;
  readonly usable: boolean;
  /** The best usable one is what runs use unless they are told otherwise. */
  readonly chosen: boolean;
  /** Why it cannot be used; null if it can. */
  readonly reason: string | null;
  /** float32 matrix products, 10⁹ operations a second; null if it cannot be used. */
  readonly matMulGflops: number | null;
}

/** Tries every backend, best first, and measures those that work. The last one tried stays the current one. */
export async function examineBackends(): Promise<BackendFinding[]> {
  const findings: BackendFinding[] = [];
  for (const name of BACKENDS) {
    const { usable, reason = null } = await tryBackend(name);
    findings.push({
      name,
      usable,
      chosen: usable && !findings.some((earlier) => earlier.usable),
      reason,
      matMulGflops: usable ? measureMatMulRate() : null,
    });
  }
  return findings;
}
