import { MODULES, type RunResult } from '../../contract/result.ts';
import { formatShare } from './figures.ts';
import { html, type Markup } from './markup.ts';

const CELL_WIDTH = 88;
const CELL_HEIGHT = 18;
const LEFT = 64;
const TOP = 22;

/** As people who read model files know them: `down` for `downProj`. */
const titleOf = (module: string): string => module.replace('Proj', '');

/** A heat map of kept weights, layers down and modules across. */
export function keptWeightsPlot(matrices: RunResult['matrices']): Markup {
  const layers = 1 + matrices.reduce((most, { layer }) => Math.max(most, layer), 0);
  const present = new Set(matrices.map(({ module }) => module));
  const modules = MODULES.filter((module) => present.has(module));
  const [width, height] = [LEFT + modules.length * CELL_WIDTH, TOP + layers * CELL_HEIGHT];
  const heads = modules.map(
    (module, column) =>
      html`<text x="${LEFT + (column + 0.5) * CELL_WIDTH}" y="14" text-anchor="middle">${titleOf(module)}</text>`,
  );
  const labels = [...Array(layers).keys()].map(
    (layer) =>
      html`<text x="${LEFT - 8}" y="${TOP + layer * CELL_HEIGHT + 13}" text-anchor="end">layer ${layer}</text>`,
  );
  const cells = matrices.map(({ layer, module, size, kept }) => {
    const share = kept / size;
    const [x, y] = [LEFT + modules.indexOf(module) * CELL_WIDTH, TOP + layer * CELL_HEIGHT];
    const lightness = Math.round(95 - 55 * share);
    const ink = lightness < 60 ? '#fff' : '#111';
    return html`<g><rect x="${x}" y="${y}" width="${CELL_WIDTH - 2}" height="${CELL_HEIGHT - 2}" fill="hsl(205 70% ${lightness}%)"/><text x="${x + CELL_WIDTH / 2}" y="${y + 12}" text-anchor="middle" fill="${ink}">${formatShare(share)}</text></g>`;
  });
  return html`<svg viewBox="0 0 ${width} ${height}" width="${width}" role="img" aria-label="Kept weights by layer and module">${heads}${labels}${cells}</svg>`;
}
