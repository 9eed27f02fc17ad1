import { setImmediate as nextTurn } from 'node:timers/promises';

type Callback = () => void;

/**
 * Turns Dawn's crank. Its binding waits for the device by putting a callback off with the global `setImmediate`, over and over as
 * long as a device lives; so nothing of it could be awaited without giving up the thread, and a process would never end. Here
 * that callback is held back and called when it is wanted.
 */
export class EventPump {
  private held: Callback | null = null;

  /** Runs something that may make Dawn put its callback off. */
  during<T>(work: () => T): T {
    const { setImmediate } = globalThis;
    globalThis.setImmediate = ((callback: Callback) => {
      this.held = callback;
    }) as unknown as typeof setImmediate;
    try {
      return work();
    } finally {
      globalThis.setImmediate = setImmediate;
    }
  }

  /** Waits, with the thread in hand, until something has happened on the device. */
  turnUntil(hasHappened: () => boolean): void {
    while (!hasHappened()) {
      if (!this.held) throw new Error('Dawn does not wait for its device in the way that was expected');
      this.turn();
    }
  }

  /** The same for a promise of Dawn's, with turns of the event loop between. */
  async settle<T>(start: () => Promise<T>): Promise<T> {
    let isSettled = false;
    const markSettled = () => {
      isSettled = true;
    };
    const promise = this.during(start);
    promise.then(markSettled, markSettled);
    while (!isSettled) {
      if (this.held) this.turn();
      await nextTurn();
    }
    return promise;
  }

  private turn(): void {
    const callback = this.held;
    this.held = null;
    this.during(() => callback?.());
  }
}
