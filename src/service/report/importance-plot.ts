import type { Distribution, ImportanceDistributions } from '../../contract/importance.ts';
import { formatFigure } from './figures.ts';
import { html, type Markup, NOTHING } from './markup.ts';

const WIDTH = 640;
const HEIGHT = 180;
const MARGIN = { left: 48, right: 12, top: 10, bottom: 34 };
const KINDS = { general: '#1b6ca8', domain: '#b3541e', final: '#4b7f3a' } as const;

/** For each layer the middle half (thick) and the middle nine tenths (thin) of log importance, of all its modules. */
export function importancePlot({ matrices }: ImportanceDistributions): Markup {
  const layers = 1 + matrices.reduce((most, { layer }) => Math.max(most, layer), 0);
  const kinds = (Object.keys(KINDS) as (keyof typeof KINDS)[]).filter((kind) =>
    matrices.some((matrix) => matrix[kind] !== null),
  );
  const bars = kinds.flatMap((kind, index) =>
    [...Array(layers).keys()].flatMap((layer) => {
      const found = matrices.flatMap((matrix) =>
        matrix.layer === layer && matrix[kind] ? [matrix[kind] as Distribution] : [],
      );
      return found.length === 0 ? [] : [{ kind, index, layer, quantiles: meanQuantiles(found) }];
    }),
  );
  if (bars.length === 0) return NOTHING;
  const low = Math.min(...bars.map(({ quantiles }) => quantiles[0] ?? 0));
  const high = Math.max(...bars.map(({ quantiles }) => quantiles[4] ?? 0));
  const step = (WIDTH - MARGIN.left - MARGIN.right) / layers;
  const x = (layer: number, index: number) => MARGIN.left + (layer + (index + 1) / (kinds.length + 1)) * step;
  const y = (value: number) =>
    MARGIN.top + ((high - value) / (high - low || 1)) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  const drawn = bars.map(({ kind, index, layer, quantiles }) => {
    const [q5 = 0, q25 = 0, q50 = 0, q75 = 0, q95 = 0] = quantiles;
    const at = x(layer, index).toFixed(1);
    const line = (from: number, to: number, width: number) =>
      html`<line x1="${at}" x2="${at}" y1="${y(from).toFixed(1)}" y2="${y(to).toFixed(1)}" stroke="${KINDS[kind]}" stroke-width="${width}"/>`;
    return html`${line(q5, q95, 1)}${line(q25, q75, 4)}<circle cx="${at}" cy="${y(q50).toFixed(1)}" r="2.5" fill="#fff" stroke="${KINDS[kind]}"/>`;
  });
  const every = Math.ceil(layers / 16);
  const labels = [...Array(layers).keys()]
    .filter((layer) => layer % every === 0)
    .map(
      (layer) =>
        html`<text x="${(MARGIN.left + (layer + 0.5) * step).toFixed(1)}" y="${HEIGHT - 18}" text-anchor="middle">${layer}</text>`,
    );
  const legend = kinds.map(
    (kind, index) =>
      html`<text x="${MARGIN.left + 90 * index}" y="${HEIGHT - 3}" fill="${KINDS[kind]}">■ ${kind}</text>`,
  );
  const axis = [low, high].map(
    (value) =>
      html`<text x="${MARGIN.left - 6}" y="${(y(value) + 4).toFixed(1)}" text-anchor="end">${formatFigure(value, 3)}</text>`,
  );
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" role="img" aria-label="Importance by layer">${drawn}${labels}${legend}${axis}</svg>`;
}

function meanQuantiles(distributions: readonly Distribution[]): number[] {
  return [0, 1, 2, 3, 4].map(
    (q) => distributions.reduce((sum, { quantiles }) => sum + (quantiles[q] ?? 0), 0) / distributions.length,
  );
}
