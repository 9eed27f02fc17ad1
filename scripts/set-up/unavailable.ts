/** TensorFlow cannot be used on this machine. An outcome, not a failure: the engine then runs on WebAssembly. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
  /** What the person can do about it, one sentence. */
  readonly fix: string;

  /** @param reason what was expected and what was found */
  constructor(reason: string, fix: string) {
    super(reason);
    this.fix = fix;
  }
}
