/** Quantities as a person reads them. */

/** A blank that does not break, between a number and its unit. */
const BLANK = '\u00a0';

const decimal = (digits: number) =>
  new Intl.NumberFormat('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** 1234567 → `1,234,567`. */
export const formatCount = (count: number): string => decimal(0).format(count);

/** `1 record`, `2 records`. */
export const formatCounted = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)}${BLANK}${count === 1 ? one : many}`;

/** 2164416 → `2.16 million`. */
export function formatLargeCount(count: number): string {
  if (count >= 1e9) return `${formatFigure(count / 1e9)}${BLANK}billion`;
  if (count >= 1e6) return `${formatFigure(count / 1e6)}${BLANK}million`;
  return formatCount(count);
}

/** With `digits` significant digits, but whole above them, never in exponents: 9.6834 → `9.68`, 2331.4 → `2,331`. */
export function formatFigure(figure: number, digits = 3): string {
  const rounded = Number(figure.toPrecision(digits)); // 9.996 has two digits before its point
  const integerDigits = Math.floor(Math.log10(Math.abs(rounded) || 1)) + 1;
  return decimal(Math.min(Math.max(0, digits - integerDigits), 20)).format(figure);
}

/** 0.5 → `50 %`, 0.4999 → `49.99 %`. */
export const formatPercent = (fraction: number, digits = 2): string =>
  `${Number((100 * fraction).toFixed(digits))}${BLANK}%`;

/** With one decimal always, so that shares stand under one another: 0.98 → `98.0 %`. */
export const formatShare = (fraction: number): string => `${(100 * fraction).toFixed(1)}${BLANK}%`;

/** A change relative to a base: 16.6 of 9.68 → `+71 %`. */
export function formatChange(from: number, to: number): string {
  const change = to / from - 1;
  const sign = change > 0 ? '+' : change < 0 ? '−' : '';
  return `${sign}${formatFigure(Math.abs(100 * change), 2)}${BLANK}%`;
}

/** 0.101 → `+10 %`, −0.0042 → `−0.42 %`. */
export const formatSignedPercent = (fraction: number): string => formatChange(1, 1 + fraction);

/** A round number on an axis, with a minus that is one. */
export const formatTick = (value: number): string => String(Number(value.toPrecision(6))).replace('-', '−');

/** In binary units, as memory and files are counted by systems: 1536 → `1.5 KiB`. */
export function formatBytes(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  let power = 0;
  let rest = bytes;
  while (rest >= 1023.5 && power < units.length - 1) {
    rest /= 1024;
    power++;
  }
  return `${power === 0 ? formatCount(rest) : formatFigure(rest, rest < 10 ? 2 : 3)}${BLANK}${units[power]}`;
}

/** Shorter than this rounds to nothing. */
const SHORT_MS = 500;

/** The two largest units that matter: `8 s`, `3 min 20 s`, `2 h 5 min`. Whole hours and minutes keep one. */
export function formatDuration(ms: number): string {
  if (ms > 0 && ms < SHORT_MS) return `under 1${BLANK}s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds}${BLANK}s`;
  if (seconds < 3600) return twoUnits(seconds, 60, 'min', 's');
  return twoUnits(Math.round(seconds / 60), 60, 'h', 'min');
}

function twoUnits(count: number, ofLarger: number, larger: string, smaller: string): string {
  const rest = count % ofLarger;
  const whole = `${Math.floor(count / ofLarger)}${BLANK}${larger}`;
  return rest === 0 ? whole : `${whole}${BLANK}${rest}${BLANK}${smaller}`;
}

/** To so many milliseconds an estimate of this length is worth telling. */
const COARSE_STEPS = [
  [10_000, 1000],
  [60_000, 5000],
  [600_000, 30_000],
  [3_600_000, 60_000],
  [36_000_000, 600_000],
] as const;

/** An estimate without figures that it cannot hold: 94 s → 90 s. */
function coarse(ms: number): number {
  if (ms < SHORT_MS) return ms;
  const [, step] = COARSE_STEPS.find(([below]) => ms < below) ?? [Infinity, 3_600_000];
  return Math.max(1, Math.round(ms / step)) * step;
}

/** `3 min to 5 min`; one of them where both read the same. */
export function formatDurationRange({ low, high }: { readonly low: number; readonly high: number }): string {
  const [from, to] = [formatDuration(coarse(low)), formatDuration(coarse(high))];
  if (from === to) return from;
  if (high < SHORT_MS) return to;
  return low < SHORT_MS ? `up to ${to}` : `${from} to ${to}`;
}

const dateTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** In the person's time zone and way of writing. */
export const formatTime = (iso: string): string => dateTime.format(new Date(iso));

const dateTimeToTheSecond = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** The same to the second: what follows one another in a log is seldom a minute apart. */
export const formatMoment = (iso: string): string => dateTimeToTheSecond.format(new Date(iso));

/** The last part of a path, on any platform. */
export const fileName = (path: string): string =>
  path
    .split(/[\\/]/)
    .filter((part) => part !== '')
    .at(-1) ?? path;
