import { html, type Markup } from '../report/markup.ts';
import { seriesColour } from './series-colours.ts';

const LETTER = 7;

/** The series' names in a row that ends at the right. */
export function drawLegend(names: readonly string[], width: number): Markup {
  let right = width - 14;
  const drawn = [...names].reverse().map((name, index) => {
    const x = right;
    right -= LETTER * (name.length + 4);
    return html`<text x="${x}" y="12" text-anchor="end" fill="${seriesColour(names.length - 1 - index)}">■ ${name}</text>`;
  });
  return html`${drawn}`;
}
