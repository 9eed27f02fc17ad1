/** Something that is waited for in a queue. */
export interface Waiting {
  /** Begins what is first in the queue. @returns whether a worker is at work now */
  beginFirst(): Promise<boolean>;
}

/** Room for one worker at a time, whichever queue it is of: the engine takes every core and most of the memory. */
export class Workbench {
  /** Whose work goes first stands first. */
  private readonly queues: Waiting[] = [];
  private isTaken = false;
  private isAskedAgain = false;
  private readonly onError: (error: unknown) => void;

  private readonly cleared: Promise<void>;

  /**
   * @param onError told when work could not be begun; it stays in its queue
   * @param cleared nothing begins before; it does not fail
   */
  constructor(onError: (error: unknown) => void, cleared: Promise<void> = Promise.resolve()) {
    this.onError = onError;
    this.cleared = cleared;
  }

  /** Queues are served in the order in which they were added. */
  add(queue: Waiting): void {
    this.queues.push(queue);
  }

  /** Begins what comes next, if there is room; to be asked whenever a queue has grown. */
  async next(): Promise<void> {
    if (this.isTaken) {
      this.isAskedAgain = true;
      return;
    }
    this.isTaken = true;
    do {
      this.isAskedAgain = false;
      if (await this.beginFirst()) return;
    } while (this.isAskedAgain); // something has come into the queue while another was looked into
    this.isTaken = false;
  }

  /** The worker has ended. */
  leave(): Promise<void> {
    this.isTaken = false;
    return this.next();
  }

  private async beginFirst(): Promise<boolean> {
    await this.cleared;
    try {
      for (const queue of this.queues) if (await queue.beginFirst()) return true;
      return false;
    } catch (error) {
      this.onError(error);
      return false;
    }
  }
}
