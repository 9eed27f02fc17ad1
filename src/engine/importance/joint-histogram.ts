import type { LogCodes } from './log-code.ts';

/** Bins along each axis, and the neighbouring codes in each. */
export const HISTOGRAM_BINS = 64;
export const CODES_A_BIN = 1024;

/** What a matrix's joint histogram is called in the score store, after the name of its weight. */
export const HISTOGRAM = '.histogram';

/**
 * How many weights of a matrix have which general and domain importance together: [general bin, domain bin]
 * row-major, HISTOGRAM_BINS each. From it, what any sparsity and any μ would keep is predicted without the codes.
 */
export function jointHistogram(general: LogCodes, domain: LogCodes): Uint32Array<ArrayBuffer> {
  const counts = new Uint32Array(HISTOGRAM_BINS * HISTOGRAM_BINS);
  for (let m = 0; m < general.codes.length; m++) {
    counts[(general.codes[m] >> 10) * HISTOGRAM_BINS + (domain.codes[m] >> 10)]++;
  }
  return counts;
}
