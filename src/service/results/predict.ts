import type { Distribution, ImportanceDistributions, Prediction } from '../../contract/importance.ts';
import type { PruneSettings } from '../../contract/settings.ts';
import { CODES_A_BIN, HISTOGRAM_BINS } from '../../engine/importance/joint-histogram.ts';
import type { JointHistogram, MatrixHistogram } from './score-files.ts';

/** Halvings of the interval in which the threshold lies. */
const STEPS = 40;

/** Weights that are alike as far as a histogram tells. */
interface Cell {
  readonly count: number;
  /** Their keys (log importance) are taken to be spread evenly over center ± halfWidth. */
  readonly center: number;
  readonly halfWidth: number;
  /** What one of them is worth, up to a common factor. */
  readonly general: number;
  readonly domain: number;
  readonly final: number;
}

export interface Scores {
  readonly joint: readonly MatrixHistogram[];
  readonly distributions: ImportanceDistributions;
}

type Criterion = PruneSettings['criterion'];
type MatrixPrediction = Prediction['matrices'][number];

/** What a mask of that sparsity and μ would keep of each matrix, from histograms alone. */
export function predict(
  { joint, distributions }: Scores,
  criterion: Criterion,
  sparsity: number,
  mu: number,
): Omit<Prediction, 'elapsedMs'> {
  const byBoth = criterion !== 'paper' && joint.length > 0;
  const found = byBoth
    ? joint.map((matrix) => ({
        place: matrix,
        cells: jointCells(
          matrix,
          criterion === 'balanced' ? meanSquare : geometricMean,
          criterion === 'general' ? 0 : criterion === 'domain' ? 1 : mu,
        ),
        has: { general: true, domain: true, final: false },
      }))
    : distributions.matrices.map((matrix) => singleCells(matrix, criterion));
  const totals = { general: [0, 0], domain: [0, 0], final: [0, 0] };
  const matrices = found.map(({ place, cells, has }): MatrixPrediction => {
    const size = cells.reduce((sum, { count }) => sum + count, 0);
    const pruned = Math.floor(sparsity * size);
    const threshold = thresholdOf(cells, pruned);
    const keptOf = (part: keyof typeof totals) => {
      if (!has[part]) return null;
      const [kept, all] = worth(cells, threshold, part);
      totals[part][0] += kept / all;
      totals[part][1] += 1;
      return kept / all;
    };
    return {
      layer: place.layer,
      module: place.module,
      size,
      kept: size - pruned,
      keptGeneral: keptOf('general'),
      keptDomain: keptOf('domain'),
      keptFinal: keptOf('final'),
      threshold,
    };
  });
  const mean = ([sum, count]: number[]) => (count === 0 ? null : sum / count);
  return {
    sparsity,
    mu,
    kept: matrices.reduce((sum, { kept }) => sum + kept, 0),
    size: matrices.reduce((sum, { size }) => sum + size, 0),
    keptGeneral: mean(totals.general),
    keptDomain: mean(totals.domain),
    keptFinal: mean(totals.final),
    matrices,
  };
}

/** The logarithm of a blend of two importances given by theirs, and how much either moves it. */
type Blend = (
  general: number,
  domain: number,
  mu: number,
) => { log: number; byGeneral: number; byDomain: number };

/** Dual importance: log S = (1 − μ) log G + μ log F. */
const geometricMean: Blend = (general, domain, mu) => ({
  log: (1 - mu) * general + mu * domain,
  byGeneral: 1 - mu,
  byDomain: mu,
});

/** Balanced importance: S² = (1 − μ) S₀² + μ S₁² of its two ends. */
const meanSquare: Blend = (general, domain, mu) => {
  const most = Math.max(general, domain);
  const ofGeneral = (1 - mu) * Math.exp(2 * (general - most));
  const ofDomain = mu * Math.exp(2 * (domain - most));
  const sum = ofGeneral + ofDomain;
  return { log: most + Math.log(sum) / 2, byGeneral: ofGeneral / sum, byDomain: ofDomain / sum };
};

/** The weights of each bin pair. */
function jointCells({ counts, general, domain }: JointHistogram, blend: Blend, mu: number): Cell[] {
  const cells: Cell[] = [];
  const logOf = ({ low, step }: { low: number; step: number }, bin: number) =>
    low + ((bin + 0.5) * CODES_A_BIN - 1) * step;
  const highest = { general: logOf(general, HISTOGRAM_BINS - 1), domain: logOf(domain, HISTOGRAM_BINS - 1) };
  for (let g = 0; g < HISTOGRAM_BINS; g++) {
    const logG = logOf(general, g);
    for (let d = 0; d < HISTOGRAM_BINS; d++) {
      const count = counts[g * HISTOGRAM_BINS + d];
      if (count === 0) continue;
      const logF = logOf(domain, d);
      const { log, byGeneral, byDomain } = blend(logG, logF, mu);
      cells.push({
        count,
        center: log,
        halfWidth: ((byGeneral * general.step + byDomain * domain.step) * CODES_A_BIN) / 2,
        general: Math.exp(logG - highest.general),
        domain: Math.exp(logF - highest.domain),
        final: 0,
      });
    }
  }
  return cells;
}

/** Of a run that has one importance alone, or is masked by the paper's final one. */
function singleCells(matrix: ImportanceDistributions['matrices'][number], criterion: Criterion) {
  const part = criterion === 'paper' ? 'final' : criterion === 'general' ? 'general' : 'domain';
  const distribution = matrix[part];
  const has = { general: false, domain: false, final: false, [part]: distribution !== null };
  return { place: matrix, cells: distribution ? binsOf(distribution, part) : [], has };
}

function binsOf({ low, high, counts, dead }: Distribution, part: 'general' | 'domain' | 'final'): Cell[] {
  const width = (high - low) / counts.length;
  const nothing = { general: 0, domain: 0, final: 0 };
  const cells = counts.map((count, bin) => {
    const center = low + (bin + 0.5) * width;
    return { count, center, halfWidth: width / 2, ...nothing, [part]: Math.exp(center - high) };
  });
  return [{ count: dead, center: low - width, halfWidth: width / 2, ...nothing }, ...cells];
}

/** Share of a cell that lies above the threshold. */
const shareAbove = ({ center, halfWidth }: Cell, threshold: number): number =>
  Math.min(1, Math.max(0, (center + halfWidth - threshold) / (2 * halfWidth)));

/** The key below which `pruned` weights lie. */
function thresholdOf(cells: readonly Cell[], pruned: number): number {
  let low = Infinity;
  let high = -Infinity;
  for (const { center, halfWidth } of cells) {
    low = Math.min(low, center - halfWidth);
    high = Math.max(high, center + halfWidth);
  }
  for (let step = 0; step < STEPS; step++) {
    const middle = (low + high) / 2;
    let below = 0;
    for (const cell of cells) below += cell.count * (1 - shareAbove(cell, middle));
    if (below < pruned) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function worth(
  cells: readonly Cell[],
  threshold: number,
  part: 'general' | 'domain' | 'final',
): [number, number] {
  let kept = 0;
  let all = 0;
  for (const cell of cells) {
    const value = cell.count * cell[part];
    all += value;
    kept += value * shareAbove(cell, threshold);
  }
  return [kept, all || 1];
}
