import { formatFigure } from '../report/figures.ts';
import { roundNumbers } from '../report/frame.ts';

/** How an axis places its values: along their logarithms, or as they are. */
export interface Axis {
  readonly placeOf: (value: number) => number;
  readonly ticks: readonly number[];
  /** Of a place, what is written there. */
  readonly format: (place: number) => string;
}

export function axisOf(scale: 'linear' | 'log', values: readonly number[]): Axis {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (scale === 'linear')
    return {
      placeOf: (value) => value,
      ticks: roundNumbers(low, high),
      format: (place) => formatFigure(place),
    };
  return {
    placeOf: Math.log10,
    ticks: logTicks(low, high).map(Math.log10),
    format: (place) => formatTick(10 ** place),
  };
}

/** 0.001 and above as they are read aloud, what is smaller in powers of ten. */
const formatTick = (value: number): string =>
  value < 9e-4 ? Number(value.toPrecision(1)).toExponential() : formatFigure(value, 3);

/** More decades than this have room for their powers of ten only. */
const DECADES = 3;
const MOST_TICKS = 8;

/** From at most `low` to at least `high`, both above 0. */
function logTicks(low: number, high: number): number[] {
  if (high / low < 2) return roundNumbers(low, high).filter((value) => value > 0);
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  const steps = last - first <= DECADES ? [1, 2, 5] : [1];
  const every = steps.length > 1 ? 1 : Math.ceil((last - first) / MOST_TICKS);
  const all: number[] = [];
  for (let power = first; power <= last; power += every)
    for (const step of steps) all.push(Number((step * 10 ** power).toPrecision(6)));
  // A value may lie a little below the lowest line: ratios to a dense model often begin just under 1.
  const from = all.findLastIndex((value) => value <= low * 1.03);
  const to = all.findIndex((value) => value >= high * (1 - 1e-9));
  return all.slice(Math.max(0, from), to === -1 ? undefined : to + 1);
}
