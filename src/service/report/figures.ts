/** Numbers as the report writes them. */
export const formatFigure = (value: number | null, digits = 4): string =>
  value === null
    ? '–'
    : Number(value.toPrecision(digits)).toLocaleString('en', { maximumSignificantDigits: digits });

export const formatCount = (value: number): string => Math.round(value).toLocaleString('en');

export const formatShare = (value: number): string => `${(100 * value).toFixed(1)} %`;

export function formatBytes(bytes: number): string {
  if (bytes < 2 ** 20) return `${Math.ceil(bytes / 2 ** 10)} KiB`;
  return bytes < 2 ** 30 ? `${(bytes / 2 ** 20).toFixed(1)} MiB` : `${(bytes / 2 ** 30).toFixed(2)} GiB`;
}

export function formatDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${(ms / 1000).toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A change relative to a base: 16.6 of 9.68 → `+71 %`. */
export function formatChange(from: number, to: number): string {
  const percent = 100 * (to / from - 1);
  const size = Math.abs(percent);
  return `${percent < 0 ? '−' : '+'}${size < 9.95 ? size.toFixed(1) : formatCount(size)} %`;
}

/** In universal time, to the minute: who reads it may be anywhere. */
export const formatTime = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
