import type { ExportRates } from './measure-export.ts';

/** How fast a machine does what a run consists of. */
export interface Rates {
  /** Floating-point operations a second of a decoder layer's passes: forward; with the sums for the Hessians; backward. */
  readonly forward: number;
  readonly general: number;
  readonly backward: number;
  /** Of the language-model head with its gradient. */
  readonly head: number;
  /** Of inverting a matrix, 2/3 n³ operations in float64. */
  readonly inversion: number;
  /** Seconds a weight that is made a score: its logarithm, code and histogram. */
  readonly scoring: number;
  /** Of the export, beside the disk. */
  readonly exporting: ExportRates;
  /** Seconds a weight that is read from the page cache, widened and taken to the device. */
  readonly loading: number;
  /** Bytes a second that reach the disk. */
  readonly disk: number;
}
