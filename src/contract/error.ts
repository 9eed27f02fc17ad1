/**
 * An error whose message is written for the person at the screen: it names the file or tensor, what was
 * expected and what was found. `fix` says what to do about it. It never contains calibration text.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  /** Stable identifier for documentation and tests, for example `CHECKPOINT_MISSING_SHARD`. */
  readonly code: string;
  /** What the person can do, as one sentence. */
  readonly fix: string;

  constructor(code: string, message: string, fix: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.fix = fix;
  }
}

/** The run was stopped on request. An outcome, not a failure: finished layers are kept and can be resumed. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}
