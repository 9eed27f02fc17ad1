import type {
  ExperimentCell,
  ExperimentColumn,
  ExperimentPlot,
  LinePlot,
} from '../../contract/experiment.ts';
import type { CompareReport, CompareRequest, ComparisonRow } from '../comparison/comparison.ts';
import type { SweepRequest } from './experiment-request.ts';

/** One comparison of a sweep: its points share a calibration. */
export interface SweepPart {
  /** What the calibration is called among the experiment's. */
  readonly name: string;
  readonly request: Pick<CompareRequest, 'methods' | 'sparsities'> &
    Partial<Pick<CompareRequest, 'settings' | 'calibration' | 'keepExact'>>;
  /** Of each row after the dense model's. */
  readonly points: readonly { readonly label: string; readonly x: number }[];
}

/** A pruned model, measured. */
export interface SweepPoint {
  readonly label: string;
  readonly x: number;
  readonly part: number;
  readonly row: ComparisonRow;
}

/** What a sweep found, before it is written up. */
export interface MeasuredSweep {
  readonly request: SweepRequest;
  /** Of each part. */
  readonly reports: readonly CompareReport[];
  readonly points: readonly SweepPoint[];
}

/** Columns that an experiment adds to the table of its points: a cell for each. */
export interface AddedColumn {
  readonly column: ExperimentColumn;
  /** The dense model's; none where it has none. */
  readonly dense?: ExperimentCell;
  readonly cells: readonly ExperimentCell[];
}

/** An experiment that prunes a model again and again, each time with one thing changed. */
export interface Sweep {
  readonly title: string;
  /** The thing that changes. */
  readonly axis: LinePlot['x'];
  /** What to make of the wanted values, or of the usual ones. @throws UserError */
  parts(request: SweepRequest): Promise<readonly SweepPart[]> | readonly SweepPart[];
  /** In place of lines over the axis. */
  plots?(measured: MeasuredSweep): readonly ExperimentPlot[];
  /** What only this experiment can say of its points. */
  describe?(
    measured: MeasuredSweep,
  ): Promise<{ columns: readonly AddedColumn[]; remarks: readonly string[] }>;
}
