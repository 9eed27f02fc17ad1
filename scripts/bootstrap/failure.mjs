/** A reason why the project cannot be started, in words for the person at the screen. */
export class Failure extends Error {
  /**
   * @param {string} message what was expected and what was found
   * @param {string} fix what to do about it, one sentence
   */
  constructor(message, fix) {
    super(message);
    this.fix = fix;
  }
}
