/** The time left in an operation of several parts that are alike, from what is left in the one at work. */
export class PartClock {
  private readonly parts: number;
  private readonly now: () => number;
  private part = 0;
  private sinceMs = 0;

  constructor(parts: number, now: () => number = () => performance.now()) {
    this.parts = parts;
    this.now = now;
  }

  begin(part: number): void {
    this.part = part;
    this.sinceMs = this.now();
  }

  /** @param inPartMs in the part at work */
  remainingMs(inPartMs: number): number {
    const whole = this.now() - this.sinceMs + inPartMs;
    return inPartMs + (this.parts - this.part - 1) * whole;
  }
}
