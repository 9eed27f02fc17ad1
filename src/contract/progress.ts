/** The stages of a run, in the order in which they happen. */
export type Stage =
  | 'calibration'
  | 'general'
  | 'open-forward'
  | 'open-backward'
  | 'forward'
  | 'backward'
  | 'score'
  | 'outliers'
  | 'prune'
  | 'export'
  | 'verify'
  | 'evaluate';

/** One step of progress of a long operation. */
export interface Progress {
  readonly stage: Stage;
  /** Decoder layers finished in this stage (or files, for `export`), and how many there are. */
  readonly done: number;
  readonly total: number;
  /** What is counted, where it is not what the stage usually counts. */
  readonly unit?: string;
  /** Measured over this stage so far; absent where no tokens are processed. */
  readonly tokensPerSecond?: number;
  /** Estimated time left in the whole operation, milliseconds. */
  readonly remainingMs?: number;
  /** One line for a person, free of calibration text. */
  readonly message?: string;
}

export type OnProgress = (progress: Progress) => void;
