import { formatFigure } from './figures.ts';
import { html, type Markup } from './markup.ts';

/** A drawing's frame: where values lie, its lines and the numbers on them. */
export interface Frame {
  x(value: number): number;
  y(value: number): number;
  readonly drawn: Markup;
}

interface FrameOptions {
  readonly width: number;
  readonly height: number;
  readonly xRange: readonly [low: number, high: number];
  /** Widened to round numbers, or to `yTicks`. */
  readonly yRange: readonly [low: number, high: number];
  readonly yTicks?: readonly number[];
  readonly formatY?: (value: number) => string;
  readonly xTicks: readonly number[];
  readonly formatX: (value: number) => string;
  readonly xTitle: string;
  readonly yTitle: string;
}

const MARGIN = { left: 46, right: 26, top: 22, bottom: 38 };
const LINES = 4;

export function drawFrame(options: FrameOptions): Frame {
  const { width, height, xRange, yRange, xTicks, formatX, formatY = formatFigure, xTitle, yTitle } = options;
  const [left, right, top, bottom] = [
    MARGIN.left,
    width - MARGIN.right,
    MARGIN.top,
    height - MARGIN.bottom,
  ] as const;
  const yTicks = options.yTicks ?? roundNumbers(yRange[0], yRange[1]);
  const [low, high] = [yTicks[0] ?? 0, yTicks.at(-1) ?? 1];
  const x = (value: number) => left + ((value - xRange[0]) / (xRange[1] - xRange[0] || 1)) * (right - left);
  const y = (value: number) => bottom - ((value - low) / (high - low || 1)) * (bottom - top);
  const lines = yTicks.map(
    (value) =>
      html`<line class="grid" x1="${left}" x2="${right}" y1="${at(y(value))}" y2="${at(y(value))}"/><text x="${left - 6}" y="${at(y(value) + 4)}" text-anchor="end">${formatY(value)}</text>`,
  );
  const numbers = xTicks.map(
    (value) =>
      html`<text x="${at(x(value))}" y="${bottom + 16}" text-anchor="middle">${formatX(value)}</text>`,
  );
  const titles = html`<text x="${(left + right) / 2}" y="${height - 5}" text-anchor="middle">${xTitle}</text><text x="${left - 40}" y="12">${yTitle}</text>`;
  return { x, y, drawn: html`${lines}${numbers}${titles}` };
}

/** A coordinate as it is written: no drawing needs more than a tenth of a pixel. */
export const at = (coordinate: number): string => coordinate.toFixed(1);

/** Multiples of 1, 2 or 5 times a power of ten that reach from at most `low` to at least `high`. */
export function roundNumbers(low: number, high: number): number[] {
  const rough = (high - low || Math.abs(high) || 1) / LINES;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5].find((one) => one * power >= rough) ?? 10) * power;
  const first = Math.floor(low / step);
  const count = Math.max(1, Math.ceil(high / step) - first);
  return Array.from({ length: count + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}
