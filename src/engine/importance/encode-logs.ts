import { hasFusedKernels, logCodes, logStatistics } from '../tensor/fused-kernels.ts';
import { type Tensor1D, tensor1d } from '../tensor/ops.ts';
import { makeRoomFor } from '../tensor/reclaim.ts';
import { LARGEST_CODE, LogCodes } from './log-code.ts';

/** Nothing so far (in nats) below the mean logarithm is ever near a threshold; the codes are spent above it. */
const DEPTH_BELOW_MEAN = 16;

/** Codes of logarithms, in nats; −∞ for a dead weight. */
export function encodeLogs(logs: Float32Array): LogCodes {
  makeRoomFor(2 * logs.length);
  const isFused = hasFusedKernels();
  const { least, most, total, alive } = isFused ? statisticsByKernel(logs) : statisticsOf(logs);
  if (alive === 0) return new LogCodes(new Uint16Array(logs.length), 0, 1);
  const low = Math.max(least, total / alive - DEPTH_BELOW_MEAN);
  const step = (most - low) / (LARGEST_CODE - 1) || 1;
  return new LogCodes(isFused ? codesByKernel(logs, low, step) : codesOf(logs, low, step), low, step);
}

/** log of the mean of exp(logs); −∞ where all are. */
export function logMeanOf(logs: Float32Array): number {
  const { most, exponentials } = hasFusedKernels() ? statisticsByKernel(logs) : exponentialsOf(logs);
  return most === -Infinity ? most : most + Math.log(exponentials / logs.length);
}

/** What the scale of the codes follows from; weights that are dead count in none of it. */
interface Statistics {
  readonly least: number;
  readonly most: number;
  readonly total: number;
  readonly alive: number;
}

function statisticsOf(logs: Float32Array): Statistics {
  let [least, most, total, alive] = [Infinity, -Infinity, 0, 0];
  for (let m = 0; m < logs.length; m++) {
    const log = logs[m];
    if (log === -Infinity) continue;
    if (log < least) least = log;
    if (log > most) most = log;
    total += log;
    alive++;
  }
  return { least, most, total, alive };
}

/** Σ exp(log − most), which does not underflow. */
interface Exponentials {
  readonly most: number;
  readonly exponentials: number;
}

function exponentialsOf(logs: Float32Array): Exponentials {
  let most = -Infinity;
  for (const log of logs) if (log > most) most = log;
  let exponentials = 0;
  for (const log of logs) exponentials += Math.exp(log - most);
  return { most, exponentials };
}

function codesOf(logs: Float32Array, low: number, step: number): Uint16Array<ArrayBuffer> {
  const codes = new Uint16Array(logs.length);
  for (let m = 0; m < logs.length; m++) {
    const log = logs[m];
    if (log !== -Infinity) codes[m] = log > low ? 1.5 + (log - low) / step : 1; // storing drops the fraction
  }
  return codes;
}

/** Logarithms given to a kernel at once: they stay in the processor's caches. Even, as two codes come in one number. */
const AT_ONCE = 2 ** 20;

function inParts(logs: Float32Array, give: (part: Tensor1D, begin: number) => void): void {
  for (let begin = 0; begin < logs.length; begin += AT_ONCE) {
    const part = tensor1d(logs.subarray(begin, begin + AT_ONCE));
    give(part, begin);
    part.dispose();
  }
}

function statisticsByKernel(logs: Float32Array): Statistics & Exponentials {
  let [least, most, total, alive, exponentials] = [Infinity, -Infinity, 0, 0, 0];
  inParts(logs, (some) => {
    for (const part of logStatistics(some)) {
      const highest = Math.max(most, part.most);
      if (highest === -Infinity) continue;
      exponentials =
        exponentials * Math.exp(most - highest) + part.exponentials * Math.exp(part.most - highest);
      most = highest;
      least = Math.min(least, part.least);
      total += part.total;
      alive += part.alive;
    }
  });
  return { least, most, total, alive, exponentials };
}

function codesByKernel(logs: Float32Array, low: number, step: number): Uint16Array<ArrayBuffer> {
  const codes = new Uint16Array(logs.length);
  inParts(logs, (part, begin) => codes.set(logCodes(part, low, step), begin));
  return codes;
}
