import type { LinePlot } from '../../contract/experiment.ts';
import { at, drawFrame } from '../report/frame.ts';
import { html, type Markup } from '../report/markup.ts';
import { axisOf } from './axis.ts';
import { drawLegend } from './legend.ts';
import { seriesColour } from './series-colours.ts';

const WIDTH = 680;
const HEIGHT = 300;

/** @returns the drawing and its height */
export function drawLines({ x, y, joined, series }: LinePlot): {
  drawn: Markup;
  width: number;
  height: number;
} {
  const points = series.flatMap((each) => each.points);
  const [across, up] = [
    axisOf(
      x.scale,
      points.map((point) => point.x),
    ),
    axisOf(
      y.scale,
      points.map((point) => point.y),
    ),
  ];
  const places = across.ticks;
  const frame = drawFrame({
    width: WIDTH,
    height: HEIGHT,
    xRange: [places[0] ?? 0, places.at(-1) ?? 1],
    yRange: [0, 1],
    yTicks: up.ticks,
    formatY: up.format,
    xTicks: places,
    formatX: across.format,
    xTitle: x.label,
    yTitle: y.label,
  });
  const drawn = series.map(({ points: own }, index) => {
    const colour = seriesColour(index);
    const on = own.map((point) => ({
      x: at(frame.x(across.placeOf(point.x))),
      y: at(frame.y(up.placeOf(point.y))),
    }));
    const path = on.map((point) => `${point.x},${point.y}`).join(' ');
    const line = joined
      ? html`<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="1.5"/>`
      : html``;
    const marks = on.map((point) =>
      joined
        ? html`<circle cx="${point.x}" cy="${point.y}" r="3.5" fill="#fff" stroke="${colour}" stroke-width="1.5"/>`
        : html`<circle cx="${point.x}" cy="${point.y}" r="2" fill="${colour}" fill-opacity="0.6"/>`,
    );
    return html`${line}${marks}`;
  });
  const legend = drawLegend(
    series.map(({ name }) => name),
    WIDTH,
  );
  return { drawn: html`${frame.drawn}${drawn}${legend}`, width: WIDTH, height: HEIGHT };
}
