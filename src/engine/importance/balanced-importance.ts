import { encodeLogs } from './encode-logs.ts';
import { decodeLogs, FisherCodes, LARGEST_CODE, LogCodes } from './log-code.ts';

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
  if (mu === 0 || mu === 1) {
    const relative = relativeLogs(mu === 0 ? open : domain);
    for (let m = 0; m < logs.length; m++) logs[m] = (logs[m] + relative[m]) / 2;
    return logs;
  }
  const openOf = relativeFisher(open);
  const domainOf = relativeFisher(domain);
  const [openCodes, domainCodes] = [open.codes.codes, domain.codes.codes];
  for (let m = 0; m < logs.length; m++) {
    const fisher = (1 - mu) * openOf[openCodes[m]] + mu * domainOf[domainCodes[m]];
    logs[m] = (logs[m] + Math.log(fisher)) / 2;
  }
  return logs;
}

/** log F̂: F·W² over its mean in the matrix, so that two texts' stand on one scale. */
function relativeLogs({ codes, logMean }: FisherCodes): Float32Array<ArrayBuffer> {
  const logs = decodeLogs(codes);
  if (logMean !== -Infinity) for (let m = 0; m < logs.length; m++) logs[m] -= logMean;
  return logs;
}

const EVERY_CODE = Uint16Array.from({ length: LARGEST_CODE + 1 }, (_, code) => code);

/** F̂ of each code there is: fewer exponentials than a matrix has weights. */
function relativeFisher({ codes: { low, step }, logMean }: FisherCodes): Float64Array {
  const logs = relativeLogs(new FisherCodes(new LogCodes(EVERY_CODE, low, step), logMean));
  const values = new Float64Array(logs.length);
  for (let code = 0; code < logs.length; code++) values[code] = Math.exp(logs[code]);
  return values;
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
