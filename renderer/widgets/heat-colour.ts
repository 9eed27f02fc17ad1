import { heatStops, type Mode } from '../theme/palette.ts';

/** A colour between the stops, for a share between 0 and 1. */
export function heatColour(mode: Mode, share: number): string {
  const stops = heatStops[mode].map(readColour);
  const place = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const index = Math.min(stops.length - 2, Math.floor(place));
  const [from, to] = [stops[index], stops[index + 1]];
  if (!from || !to) return 'none';
  const mixed = from.map((channel, at) =>
    Math.round(channel + (place - index) * ((to[at] ?? channel) - channel)),
  );
  return `rgb(${mixed.join(',')})`;
}

/** `#1f4468` → [31, 68, 104]. */
const readColour = (hex: string): number[] =>
  [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
