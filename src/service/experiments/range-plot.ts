import type { RangePlot } from '../../contract/experiment.ts';
import { at, drawFrame } from '../report/frame.ts';
import { html, type Markup } from '../report/markup.ts';
import { drawLegend } from './legend.ts';
import { seriesColour } from './series-colours.ts';

const WIDTH = 680;
const HEIGHT = 260;
const MOST_NAMES = 20;

/** For each category the middle half (thick) and the middle nine tenths (thin), and the median. */
export function drawRanges({ y, categories, series }: RangePlot): {
  drawn: Markup;
  width: number;
  height: number;
} {
  const all = series.flatMap(({ quantiles }) => quantiles.flatMap((each) => each ?? []));
  const every = Math.ceil(categories.length / MOST_NAMES);
  const frame = drawFrame({
    width: WIDTH,
    height: HEIGHT,
    xRange: [-0.5, categories.length - 0.5],
    yRange: [Math.min(...all), Math.max(...all)],
    xTicks: [...categories.keys()].filter((index) => index % every === 0),
    formatX: (index) => categories[index] ?? '',
    xTitle: '',
    yTitle: y.label,
  });
  const drawn = series.flatMap(({ quantiles }, index) =>
    quantiles.map((found, category) => {
      if (!found) return html``;
      const colour = seriesColour(index);
      const [q5, q25, q50, q75, q95] = found.map((value) => at(frame.y(value)));
      const x = at(frame.x(category + (index + 1) / (series.length + 1) - 0.5));
      return html`<line x1="${x}" x2="${x}" y1="${q5 ?? ''}" y2="${q95 ?? ''}" stroke="${colour}"/><line x1="${x}" x2="${x}" y1="${q25 ?? ''}" y2="${q75 ?? ''}" stroke="${colour}" stroke-width="5"/><circle cx="${x}" cy="${q50 ?? ''}" r="2.5" fill="#fff" stroke="${colour}"/>`;
    }),
  );
  const legend = drawLegend(
    series.map(({ name }) => name),
    WIDTH,
  );
  return { drawn: html`${frame.drawn}${drawn}${legend}`, width: WIDTH, height: HEIGHT };
}
