/**
 * Importance as 16-bit codes of its logarithm: code c > 0 stands for exp(low + (c − 1) · step), code 0 for a dead weight
 * (importance 0). The codes keep the order within a matrix up to rounding, and a weighted sum of two decoded
 * logarithms is the logarithm of the dual importance.
 *
 * A class, and its fields are declared: as object literals, V8 13.6 (Node 24) now and then let several of them share one
 * box for `low` and for `step`, so that a matrix got another one's scale. A declared field begins as undefined and so never has a
 * box that is written again.
 */
export class LogCodes {
  readonly codes: Uint16Array<ArrayBuffer>;
  readonly low: number;
  readonly step: number;

  constructor(codes: Uint16Array<ArrayBuffer>, low: number, step: number) {
    this.codes = codes;
    this.low = low;
    this.step = step;
  }
}

export const LARGEST_CODE = 65535;
/** Nothing so far (in nats) below the mean logarithm is ever near a threshold; the codes are spent above it. */
const DEPTH_BELOW_MEAN = 16;

/** Codes of logarithms, in nats; −∞ for a dead weight. */
export function encodeLogs(logs: Float32Array | Float64Array): LogCodes {
  let least = Infinity;
  let most = -Infinity;
  let total = 0;
  let alive = 0;
  for (let m = 0; m < logs.length; m++) {
    const log = logs[m];
    if (log === -Infinity) continue;
    if (log < least) least = log;
    if (log > most) most = log;
    total += log;
    alive++;
  }
  const codes = new Uint16Array(logs.length);
  if (alive === 0) return new LogCodes(codes, 0, 1);
  const low = Math.max(least, total / alive - DEPTH_BELOW_MEAN);
  const step = (most - low) / (LARGEST_CODE - 1) || 1;
  for (let m = 0; m < logs.length; m++) {
    const log = logs[m];
    if (log !== -Infinity) codes[m] = log > low ? 1.5 + (log - low) / step : 1; // storing drops the fraction
  }
  return new LogCodes(codes, low, step);
}

/** The logarithms, in nats; −∞ for a dead weight. */
export function decodeLogs({ codes, low, step }: LogCodes): Float32Array<ArrayBuffer> {
  const logs = new Float32Array(codes.length);
  for (let m = 0; m < codes.length; m++) logs[m] = codes[m] === 0 ? -Infinity : low + (codes[m] - 1) * step;
  return logs;
}

/**
 * Dual importance log S = (1 − μ) log G + μ log F: a weight dead in a part that counts is dead.
 * @param mu 0 general alone … 1 domain alone
 */
export function dualLogImportance(
  general: LogCodes,
  domain: LogCodes,
  mu: number,
): Float32Array<ArrayBuffer> {
  if (mu === 0) return decodeLogs(general);
  if (mu === 1) return decodeLogs(domain);
  const logs = new Float32Array(general.codes.length);
  for (let m = 0; m < logs.length; m++) {
    const g = general.codes[m];
    const f = domain.codes[m];
    logs[m] =
      g === 0 || f === 0
        ? -Infinity
        : (1 - mu) * (general.low + (g - 1) * general.step) + mu * (domain.low + (f - 1) * domain.step);
  }
  return logs;
}
