import { decodeLogs, encodeLogs, type LogCodes } from './log-code.ts';

/** A matrix's F·W² of one text, as codes of its logarithm, and the logarithm of its mean over the matrix; a class as `LogCodes` is. */
export class FisherCodes {
  readonly codes: LogCodes;
  readonly logMean: number;

  constructor(codes: LogCodes, logMean: number) {
    this.codes = codes;
    this.logMean = logMean;
  }
}

/** log of the mean of exp(logs); −∞ where all are. */
export function logMeanOf(logs: Float32Array): number {
  let most = -Infinity;
  for (const log of logs) if (log > most) most = log;
  if (most === -Infinity) return most;
  let sum = 0;
  for (const log of logs) sum += Math.exp(log - most);
  return most + Math.log(sum / logs.length);
}

/** log F̂: F·W² over its mean in the matrix, so that two texts' stand on one scale. */
function relativeLogs({ codes, logMean }: FisherCodes): Float32Array<ArrayBuffer> {
  const logs = decodeLogs(codes);
  if (logMean !== -Infinity) for (let m = 0; m < logs.length; m++) logs[m] -= logMean;
  return logs;
}

/**
 * Balanced importance log S = ½ log G + ½ log((1 − μ) F̂_open + μ F̂_domain), G (Eq. 2) with the Hessian of both texts
 * together: a weight counts by the curvature of the layers' outputs and by that of the loss on either text. −∞ for a weight
 * dead in G, or in each F̂ that counts.
 * @param mu 0 open text alone … 1 domain alone
 */
export function balancedLogImportance(
  mixed: LogCodes,
  open: FisherCodes,
  domain: FisherCodes,
  mu: number,
): Float32Array<ArrayBuffer> {
  const logs = decodeLogs(mixed);
  const openLogs = relativeLogs(open);
  const domainLogs = relativeLogs(domain);
  for (let m = 0; m < logs.length; m++) {
    const fisher = (1 - mu) * Math.exp(openLogs[m]) + mu * Math.exp(domainLogs[m]);
    logs[m] = (logs[m] + Math.log(fisher)) / 2;
  }
  return logs;
}

/**
 * The balanced importance with μ = 0 and with μ = 1, as codes. Between them it is their root of the mean square with weights
 * 1 − μ and μ, so that their joint histogram tells what any μ keeps.
 */
export function balancedEnds(
  mixed: LogCodes,
  open: FisherCodes,
  domain: FisherCodes,
): { general: LogCodes; domain: LogCodes } {
  return {
    general: encodeLogs(balancedLogImportance(mixed, open, domain, 0)),
    domain: encodeLogs(balancedLogImportance(mixed, open, domain, 1)),
  };
}
