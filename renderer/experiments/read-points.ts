import { METHOD_POINTS } from '../../src/contract/experiment.ts';
import { points, type SweepName } from './experiment-words.ts';

/** What was typed, as the experiment takes it; `fault` says what is wrong with it. */
export type ReadPoints =
  | { readonly values: string[] | null; readonly fault: null }
  | { readonly values: null; readonly fault: string };

const MOST = 50;

/**
 * Reads the points of a sweep, separated by commas or blanks.
 * @param parts how many parts the domain's mix has
 * @returns null for none: the usual ones
 */
export function readPoints(sweep: SweepName, text: string, parts: number): ReadPoints {
  const entries = text
    .replaceAll('%', ' ')
    .split(/[\s,;]+/)
    .filter((entry) => entry !== '');
  if (entries.length === 0) return { values: null, fault: null };
  if (entries.length > MOST) return { values: null, fault: `At most ${MOST} points.` };
  const values: string[] = [];
  for (const entry of entries) {
    const value = readers[points[sweep].kind](entry, parts);
    if (value === null) return { values: null, fault: `“${entry}” ${expected(sweep, parts)}.` };
    values.push(value);
  }
  return { values, fault: null };
}

type Reader = (entry: string, parts: number) => string | null;

const numberIf =
  (holds: (value: number) => boolean): Reader =>
  (entry) => {
    const value = Number(entry);
    return Number.isFinite(value) && holds(value) ? String(value) : null;
  };

const readers: Readonly<Record<(typeof points)[SweepName]['kind'], Reader>> = {
  method: (entry) => METHOD_POINTS.find((method) => method === entry.toLowerCase()) ?? null,
  percent: (entry, parts) => {
    const percent = numberIf((value) => value > 0 && value < 100)(entry, parts);
    // 28 / 100 is 0.28, and 0.28000000000000003 would stand in the report.
    return percent === null ? null : String(Number((Number(percent) / 100).toPrecision(12)));
  },
  fraction: numberIf((value) => value >= 0 && value <= 1),
  number: numberIf((value) => value >= 0),
  count: numberIf((value) => Number.isInteger(value) && value > 0),
  seed: numberIf((value) => Number.isInteger(value) && value >= 0),
  mix: (entry, parts) => {
    const shares = entry.split('/').map((share) => (share === '' ? Number.NaN : Number(share)));
    const sum = shares.reduce((total, share) => total + share, 0);
    return shares.length === parts && shares.every((share) => share >= 0) && sum > 0 ? entry : null;
  },
};

function expected(sweep: SweepName, parts: number): string {
  switch (points[sweep].kind) {
    case 'method':
      return `is no method: ${METHOD_POINTS.join(', ')}`;
    case 'percent':
      return 'is no percentage between 0 and 100';
    case 'fraction':
      return 'is no number from 0 to 1';
    case 'number':
      return 'is no number from 0 on';
    case 'count':
      return 'is no whole number above 0';
    case 'seed':
      return 'is no whole number from 0 on';
    case 'mix':
      return `has not a share for each of the ${parts} parts, such as ${Array(parts)
        .fill(Math.round(100 / parts))
        .join('/')}`;
  }
}
