const LONGEST_WINDOW_MS = 30_000;
const SHORTEST_WINDOW_MS = 1000;
/** No estimate is better than this, however steady. */
const LEAST_SPREAD = 0.05;

/** Time left as a range: how far the estimates of the end have spread lately. */
export class RemainingTime {
  /** When each estimate was made, and when it saw the end. */
  private estimates: { readonly at: number; readonly end: number }[] = [];

  /** Forgets what was estimated before: something else has begun. */
  clear(): void {
    this.estimates = [];
  }

  add(remainingMs: number, now: number): void {
    // As the end draws near, what was thought long before it says nothing any more.
    const window = Math.min(LONGEST_WINDOW_MS, Math.max(SHORTEST_WINDOW_MS, remainingMs / 2));
    this.estimates = this.estimates.filter(({ at }) => now - at <= window);
    this.estimates.push({ at: now, end: now + remainingMs });
  }

  range(now: number): { low: number; high: number } | null {
    const latest = this.estimates.at(-1);
    if (!latest) return null;
    const ends = this.estimates.map(({ end }) => end);
    const least = LEAST_SPREAD * Math.max(0, latest.end - now);
    return {
      low: Math.max(0, Math.min(...ends, latest.end - least) - now),
      high: Math.max(0, Math.max(...ends, latest.end + least) - now),
    };
  }
}
