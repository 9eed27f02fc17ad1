import type { Distribution, ImportanceDistributions } from '../../contract/importance.ts';
import { COLOURS } from './colours.ts';
import { at, drawFrame } from './frame.ts';
import { html, type Markup, NOTHING } from './markup.ts';

const WIDTH = 680;
const HEIGHT = 240;
/** More layers than this do not all have room for their number. */
const MOST_NUMBERS = 20;

const KINDS = ['general', 'domain', 'final'] as const;
type Kind = (typeof KINDS)[number];

interface Bar {
  readonly kind: Kind;
  readonly layer: number;
  readonly quantiles: readonly number[];
}

/** For each layer the middle half (thick) and the middle nine tenths (thin) of log importance, of all its modules. */
export function importancePlot({ matrices }: ImportanceDistributions): Markup {
  const layers = 1 + matrices.reduce((most, { layer }) => Math.max(most, layer), 0);
  const kinds = KINDS.filter((kind) => matrices.some((matrix) => matrix[kind] !== null));
  const bars = kinds.flatMap((kind) => barsOf(kind, layers, matrices));
  if (bars.length === 0) return NOTHING;
  const every = Math.ceil(layers / MOST_NUMBERS);
  const frame = drawFrame({
    width: WIDTH,
    height: HEIGHT,
    xRange: [-0.5, layers - 0.5],
    yRange: [
      Math.min(...bars.map(({ quantiles }) => quantiles[0] ?? 0)),
      Math.max(...bars.map(({ quantiles }) => quantiles[4] ?? 0)),
    ],
    xTicks: [...Array(layers).keys()].filter((layer) => layer % every === 0),
    formatX: String,
    xTitle: 'Layer',
    yTitle: 'ln importance',
  });
  const drawn = bars.map(({ kind, layer, quantiles }) => {
    const [q5 = 0, q25 = 0, q50 = 0, q75 = 0, q95 = 0] = quantiles.map(frame.y);
    const x = at(frame.x(layer + (kinds.indexOf(kind) + 1) / (kinds.length + 1) - 0.5));
    const line = (from: number, to: number, width: number) =>
      html`<line x1="${x}" x2="${x}" y1="${at(from)}" y2="${at(to)}" stroke="${COLOURS[kind]}" stroke-width="${width}"/>`;
    return html`${line(q5, q95, 1)}${line(q25, q75, 5)}<circle cx="${x}" cy="${at(q50)}" r="2.5" fill="#fff" stroke="${COLOURS[kind]}"/>`;
  });
  const legend = kinds.map(
    (kind, index) =>
      html`<text x="${WIDTH - 26 - 74 * (kinds.length - 1 - index)}" y="12" text-anchor="end" fill="${COLOURS[kind]}">■ ${kind}</text>`,
  );
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" role="img" aria-label="Importance by layer">${frame.drawn}${drawn}${legend}</svg>`;
}

function barsOf(kind: Kind, layers: number, matrices: ImportanceDistributions['matrices']): Bar[] {
  return [...Array(layers).keys()].flatMap((layer) => {
    const found = matrices.flatMap((matrix) =>
      matrix.layer === layer && matrix[kind] ? [matrix[kind] as Distribution] : [],
    );
    return found.length === 0 ? [] : [{ kind, layer, quantiles: meanQuantiles(found) }];
  });
}

function meanQuantiles(distributions: readonly Distribution[]): number[] {
  return [0, 1, 2, 3, 4].map(
    (q) => distributions.reduce((sum, { quantiles }) => sum + (quantiles[q] ?? 0), 0) / distributions.length,
  );
}
