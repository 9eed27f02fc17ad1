import { describe, expect, it } from 'vitest';
import type { ExperimentPlot, ExperimentReport } from '../../../src/contract/experiment.ts';
import { axisOf } from '../../../src/service/experiments/axis.ts';
import { experimentSvg } from '../../../src/service/experiments/experiment-svg.ts';

const draw = (...plots: ExperimentPlot[]) =>
  experimentSvg({ title: 'An <experiment>', plots } as unknown as ExperimentReport);

describe('the drawing of an experiment', () => {
  it('has a mark for every point, and a line where points are joined', () => {
    const plot = {
      kind: 'lines',
      title: 'λ',
      x: { label: 'λ & more', scale: 'log' },
      y: { label: 'ratio', scale: 'linear' },
      series: [{ name: 'legal', points: [1, 10, 1000].map((x, y) => ({ x, y })) }],
    } as const;
    const joined = draw({ ...plot, joined: true, series: [...plot.series] } as ExperimentPlot);
    expect(joined.match(/<circle/g)).toHaveLength(3);
    expect(joined.match(/<polyline/g)).toHaveLength(1);
    expect(joined).toContain('λ &amp; more');
    expect(joined).toContain('An &lt;experiment&gt;');
    const parted = draw({ ...plot, joined: false, series: [...plot.series] } as ExperimentPlot);
    expect(parted).not.toContain('<polyline');
    // On a logarithmic axis ten to a thousand is twice as far as one to ten.
    const xs = [...joined.matchAll(/<circle cx="([\d.]+)"/g)].map(([, x]) => Number(x));
    expect((xs[2] - xs[1]) / (xs[1] - xs[0])).toBeCloseTo(2, 1);
  });

  it('has a cell for every value of a heat map, and leaves out those that are not there', () => {
    const drawn = draw({
      kind: 'heat-map',
      title: 'legal and healthcare',
      rows: ['layer 0', 'layer 1'],
      columns: ['q', 'k'],
      values: [
        [0.25, 0.5],
        [0.4, null],
      ],
      low: 0.25,
      high: 0.5,
    });
    expect(drawn.match(/hsl\(/g)).toHaveLength(3);
    expect(drawn).toContain('50.0 %');
  });

  it('has a range for every category of a series that is there', () => {
    const drawn = draw({
      kind: 'ranges',
      title: 'by layer',
      y: { label: 'log importance' },
      categories: ['0', '1'],
      series: [{ name: 'domain', quantiles: [[-5, -4, -3, -2, -1], null] }],
    });
    expect(drawn.match(/<circle/g)).toHaveLength(1);
    expect(drawn).toContain('■ domain');
  });
});

describe('an axis', () => {
  it('has round numbers from below the least to above the greatest', () => {
    const values = [0.98, 1.02, 2.4];
    const { ticks, placeOf, format } = axisOf('log', values);
    expect(10 ** ticks[0]).toBeLessThanOrEqual(0.98 * 1.03);
    expect(ticks.at(-1)).toBeGreaterThanOrEqual(placeOf(2.4));
    expect(ticks.map(format)).toEqual(['1', '2', '5']);
    const wide = axisOf('log', [1e-9, 1e-2]);
    expect(wide.ticks.map(wide.format)).toEqual([
      '1e-9',
      '1e-8',
      '1e-7',
      '1e-6',
      '1e-5',
      '1e-4',
      '0.001',
      '0.01',
    ]);
    expect(axisOf('linear', [0.1, 0.7]).ticks).toEqual([0, 0.2, 0.4, 0.6, 0.8]);
  });
});
