import type { Progress } from '../../contract/progress.ts';
import type { MeasuredModel } from './comparison.ts';

/** What a row has to do, in this order; the dense model is measured only. */
type Part = 'scoring' | 'pruning' | 'measuring';

const partOf = ({ stage }: Progress): Part =>
  stage === 'evaluate' ? 'measuring' : stage === 'prune' || stage === 'outliers' ? 'pruning' : 'scoring';

/** Of a row that is still to come. */
export interface ComingRow {
  /** The same for rows that share their scores; null where there are none to be made. */
  readonly scores: unknown;
}

/**
 * The time left in a comparison: by what its rows have taken so far; what has not been done yet by how many operations it
 * is beside what has.
 */
export class ComparisonClock {
  private readonly rows: readonly ComingRow[];
  private readonly scoringBesideMeasuring: number | null;
  private readonly now: () => number;
  private readonly known: Record<Part, number | null> = { scoring: null, pruning: null, measuring: null };
  private readonly scored = new Set<unknown>([null]);
  private row = 0;
  private part: Part | null = null;
  private partSinceMs = 0;

  /**
   * @param rows the dense model first
   * @param scoringBesideMeasuring how many times the operations of measuring a row are those of one scoring
   */
  constructor(
    rows: readonly ComingRow[],
    scoringBesideMeasuring: number | null,
    now: () => number = () => performance.now(),
  ) {
    this.rows = rows;
    this.scoringBesideMeasuring = scoringBesideMeasuring;
    this.now = now;
  }

  /** A row is there: measured now, or by an earlier start. */
  finished({ seconds }: Pick<MeasuredModel, 'seconds'>): void {
    const isDense = this.row === 0;
    this.known.measuring = 1000 * seconds.measuring;
    if (!isDense) this.known.pruning = 1000 * seconds.pruning;
    if (seconds.scoring > 0) this.known.scoring = 1000 * seconds.scoring;
    this.scored.add(this.rows[this.row]?.scores ?? null);
    this.row++;
    this.part = null;
  }

  /** @returns milliseconds; undefined as long as there is nothing to go by */
  remainingMs(progress: Progress): number | undefined {
    const now = this.now();
    const part = partOf(progress);
    if (part !== this.part) {
      this.part = part;
      this.partSinceMs = now;
    }
    const spentMs = now - this.partSinceMs;
    const leftMs = this.leftOfPart(part, spentMs, progress.remainingMs);
    if (leftMs === undefined) return undefined;
    const whole = { ...this.known, [part]: this.known[part] ?? spentMs + leftMs };
    const measuring = whole.measuring;
    const scoring =
      whole.scoring ??
      (measuring === null || this.scoringBesideMeasuring === null
        ? null
        : measuring * this.scoringBesideMeasuring);
    const pruning = whole.pruning ?? 0;
    if (measuring === null || (scoring === null && this.scoringsAfter(part) > 0)) return undefined;
    const later = this.rows.length - this.row - 1;
    const restOfRow = part === 'measuring' ? 0 : measuring + (part === 'scoring' ? pruning : 0);
    return leftMs + restOfRow + later * (pruning + measuring) + this.scoringsAfter(part) * (scoring ?? 0);
  }

  private leftOfPart(part: Part, spentMs: number, estimatedMs: number | undefined): number | undefined {
    const known = this.known[part];
    // A part of many texts and tasks ends when it has ended with each before it.
    if (part === 'measuring' && known !== null) return Math.max(0, known - spentMs);
    if (estimatedMs !== undefined && Number.isFinite(estimatedMs)) return estimatedMs;
    return known === null ? undefined : Math.max(0, known - spentMs);
  }

  /** Scorings that have not begun. */
  private scoringsAfter(part: Part): number {
    const begun = new Set(this.scored);
    if (this.row > 0 || part === 'scoring') begun.add(this.rows[this.row]?.scores ?? null);
    const coming = new Set(this.rows.slice(this.row).map(({ scores }) => scores));
    return [...coming].filter((scores) => !begun.has(scores)).length;
  }
}
