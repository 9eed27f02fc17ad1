/** Quantities as a person reads them. */

const decimal = (digits: number) =>
  new Intl.NumberFormat('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** 1234567 → `1,234,567`. */
export const formatCount = (count: number): string => decimal(0).format(count);

/** With `digits` significant digits, but whole above them, never in exponents: 9.6834 → `9.68`, 2331.4 → `2,331`. */
export function formatFigure(figure: number, digits = 3): string {
  const rounded = Number(figure.toPrecision(digits)); // 9.996 has two digits before its point
  const integerDigits = Math.floor(Math.log10(Math.abs(rounded) || 1)) + 1;
  return decimal(Math.min(Math.max(0, digits - integerDigits), 20)).format(figure);
}

/** 0.5 → `50 %`, 0.4999 → `49.99 %`. */
export const formatPercent = (fraction: number): string => `${Number((100 * fraction).toFixed(2))} %`;

/** In binary units, as memory and files are sold and counted by systems: 1536 → `1.5 KiB`. */
export function formatBytes(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  let power = 0;
  let rest = bytes;
  while (rest >= 1023.5 && power < units.length - 1) {
    rest /= 1024;
    power++;
  }
  return `${power === 0 ? rest : formatFigure(rest, 2)} ${units[power]}`;
}

/** The two largest units that matter: `8 s`, `3 min 20 s`, `2 h 5 min`. Whole hours and minutes keep one. */
export function formatDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return twoUnits(seconds, 60, 'min', 's');
  return twoUnits(Math.round(seconds / 60), 60, 'h', 'min');
}

function twoUnits(count: number, ofLarger: number, larger: string, smaller: string): string {
  const rest = count % ofLarger;
  const whole = `${Math.floor(count / ofLarger)} ${larger}`;
  return rest === 0 ? whole : `${whole} ${rest} ${smaller}`;
}
