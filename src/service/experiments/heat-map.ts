import type { HeatMap } from '../../contract/experiment.ts';
import { formatShare } from '../report/figures.ts';
import { html, type Markup } from '../report/markup.ts';

const CELL_WIDTH = 84;
const CELL_HEIGHT = 18;
const LEAST_LEFT = 64;
/** Of the drawing's letters, at most. */
const LETTER_WIDTH = 6.5;
const TOP = 22;

/** Shares of 1, the darker the larger. */
export function drawHeatMap({ rows, columns, values, low, high }: HeatMap): {
  drawn: Markup;
  width: number;
  height: number;
} {
  const left = Math.max(LEAST_LEFT, 16 + LETTER_WIDTH * Math.max(...rows.map(({ length }) => length)));
  const heads = columns.map(
    (name, column) =>
      html`<text x="${left + (column + 0.5) * CELL_WIDTH}" y="14" text-anchor="middle">${name}</text>`,
  );
  const labels = rows.map(
    (name, row) =>
      html`<text x="${left - 8}" y="${TOP + row * CELL_HEIGHT + 13}" text-anchor="end">${name}</text>`,
  );
  const cells = values.flatMap((line, row) =>
    line.map((value, column) => {
      if (value === null) return html``;
      const lightness = Math.round(95 - 55 * Math.min(1, (value - low) / (high - low || 1)));
      const ink = lightness < 60 ? '#fff' : '#111';
      const [x, y] = [left + column * CELL_WIDTH, TOP + row * CELL_HEIGHT];
      return html`<rect x="${x}" y="${y}" width="${CELL_WIDTH - 2}" height="${CELL_HEIGHT - 2}" fill="hsl(205 70% ${lightness}%)"/><text x="${x + CELL_WIDTH / 2}" y="${y + 12}" text-anchor="middle" fill="${ink}">${formatShare(value)}</text>`;
    }),
  );
  return {
    drawn: html`${heads}${labels}${cells}`,
    width: left + columns.length * CELL_WIDTH,
    height: TOP + rows.length * CELL_HEIGHT,
  };
}
