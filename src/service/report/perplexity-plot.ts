import type { ModelExport } from '../../contract/model-export.ts';
import type { TextResult } from '../../contract/result.ts';
import type { RunSummary } from '../../contract/run.ts';
import { COLOURS } from './colours.ts';
import { at, drawFrame } from './frame.ts';
import { html, type Markup, NOTHING } from './markup.ts';

const WIDTH = 680;
const HEIGHT = 220;

interface Line {
  readonly text: TextResult;
  readonly points: readonly { readonly sparsity: number; readonly perplexity: number }[];
}

/** Perplexity against sparsity: the dense model, the run, and the measured models that were made of its scores. */
export function perplexityPlot(
  { sparsity, mu }: RunSummary,
  texts: readonly TextResult[],
  exports: readonly ModelExport[],
): Markup {
  const others = exports.filter((one) => one.status === 'finished' && one.mu === mu);
  const lines = texts
    .filter(({ pruned }) => pruned !== null)
    .map((text): Line => {
      const measured = others.flatMap((one) => {
        const found = one.texts.find(({ name }) => name === text.name)?.pruned;
        return found ? [{ sparsity: one.sparsity, perplexity: found.perplexity }] : [];
      });
      const own = [
        { sparsity: 0, perplexity: text.dense.perplexity },
        { sparsity, perplexity: text.pruned?.perplexity ?? 0 },
      ];
      return { text, points: [...own, ...measured].sort((a, b) => a.sparsity - b.sparsity) };
    });
  if (lines.length === 0) return NOTHING;
  const frame = drawFrame({
    width: WIDTH,
    height: HEIGHT,
    xRange: [0, 1],
    yRange: [0, Math.max(...lines.flatMap(({ points }) => points.map(({ perplexity }) => perplexity)))],
    xTicks: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
    formatX: (value) => `${Math.round(100 * value)} %`,
    xTitle: 'Sparsity',
    yTitle: 'Perplexity',
  });
  const drawn = lines.map(({ text, points }) => {
    const colour = COLOURS[text.role];
    const places = points.map((point) => ({
      x: at(frame.x(point.sparsity)),
      y: at(frame.y(point.perplexity)),
    }));
    const path = places.map(({ x, y }) => `${x},${y}`).join(' ');
    const marks = places.map(
      ({ x, y }) =>
        html`<circle cx="${x}" cy="${y}" r="3.5" fill="#fff" stroke="${colour}" stroke-width="1.5"/>`,
    );
    const last = places.at(-1) ?? { x: '0', y: '0' };
    return html`<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="1.5"/>${marks}<text x="${Number(last.x) + 8}" y="${Number(last.y) + 4}" fill="${colour}">${text.name}</text>`;
  });
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" role="img" aria-label="Perplexity against sparsity">${frame.drawn}${drawn}</svg>`;
}
