import { roundTicks } from '../widgets/round-ticks.ts';

/** Within so many powers of ten there is room for ticks between them. */
const ROOMY_DECADES = 3;
const MOST_TICKS = 8;

/** Round numbers on a logarithmic axis from at most `low` to at least `high`, both above 0. */
export function logTicks(low: number, high: number): number[] {
  if (high / low < ROOMY_DECADES) return roundTicks(low, high, 4).filter((tick) => tick > 0);
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  const isRoomy = last - first <= ROOMY_DECADES;
  const every = isRoomy ? 1 : Math.ceil((last - first) / MOST_TICKS);
  const ticks: number[] = [];
  for (let power = first; power <= last + every - 1; power += every)
    for (const step of isRoomy ? [1, 2, 5] : [1]) ticks.push(Number((step * 10 ** power).toPrecision(6)));
  const from = ticks.filter((tick) => tick <= low).length - 1;
  const to = ticks.findIndex((tick) => tick >= high);
  return ticks.slice(Math.max(0, from), to === -1 ? undefined : to + 1);
}

/** As short as it can be: 0.5, 20, 1e-9. */
export const tickText = (tick: number): string => {
  const short = Number(tick.toPrecision(3));
  return short !== 0 && Math.abs(short) < 1e-3 ? short.toExponential() : String(short);
};
