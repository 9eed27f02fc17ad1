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

/** A matrix's F·W² of one text, as codes of its logarithm, and the logarithm of its mean over the matrix; a class as `LogCodes` is. */
export class FisherCodes {
  readonly codes: LogCodes;
  readonly logMean: number;

  constructor(codes: LogCodes, logMean: number) {
    this.codes = codes;
    this.logMean = logMean;
  }
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
