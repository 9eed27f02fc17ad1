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
