import type { ExperimentPlot, ExperimentReport } from '../../contract/experiment.ts';
import { html, type Markup } from '../report/markup.ts';
import { drawHeatMap } from './heat-map.ts';
import { drawLines } from './line-plot.ts';
import { drawRanges } from './range-plot.ts';

const MARGIN = 16;
const TITLE = 28;
const STYLE = 'text{font:11px system-ui,sans-serif}.title{font-size:14px;font-weight:600}.grid{stroke:#ddd}';

/** All plots of an experiment below each other: a drawing that stands for itself. */
export function experimentSvg({ plots, title }: ExperimentReport): string {
  let top = MARGIN;
  const placed: Markup[] = [];
  let width = 0;
  for (const plot of plots) {
    const { drawn, width: own, height } = drawPlot(plot);
    placed.push(
      html`<text class="title" x="${MARGIN}" y="${top + 14}">${plot.title}</text><svg x="${MARGIN}" y="${top + TITLE}" width="${own}" height="${height}">${drawn}</svg>`,
    );
    top += TITLE + height + MARGIN;
    width = Math.max(width, own + 2 * MARGIN);
  }
  const { html: text } =
    html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${top}" width="${width}" height="${top}" role="img" aria-label="${title}"><style>${STYLE}</style><rect width="100%" height="100%" fill="#fff"/>${placed}</svg>`;
  return `${text}\n`;
}

function drawPlot(plot: ExperimentPlot) {
  switch (plot.kind) {
    case 'lines':
      return drawLines(plot);
    case 'heat-map':
      return drawHeatMap(plot);
    case 'ranges':
      return drawRanges(plot);
  }
}
