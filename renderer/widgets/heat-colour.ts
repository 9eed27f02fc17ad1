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

/** Black or white, whichever reads better on a colour of `heatColour`. */
export function inkOn(colour: string): '#000' | '#fff' {
  const [red = 0, green = 0, blue = 0] = (colour.match(/\d+/g) ?? []).map((channel) => {
    const share = Number(channel) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return luminance > 0.179 ? '#000' : '#fff';
}

/** `#1f4468` → [31, 68, 104]. */
const readColour = (hex: string): number[] =>
  [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
