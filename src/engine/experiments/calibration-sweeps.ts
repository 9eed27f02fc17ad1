import type { PruneSettings } from '../../contract/settings.ts';
import type { SweepRequest } from './experiment-request.ts';
import { keptAsByFirst } from './mask-agreement.ts';
import { needTexts } from './preset-mix.ts';
import { spreadOf } from './spread.ts';
import type { Sweep, SweepPart } from './sweep.ts';
import { formatShare, numbersOf } from './sweep-values.ts';

const METHOD = [{ name: 'd-pruner', settings: {} }];

/** One point that has a calibration of its own. */
const partOf = (
  { settings }: SweepRequest,
  label: string,
  x: number,
  changes: Partial<PruneSettings>,
): SweepPart => ({
  name: label,
  request: { methods: METHOD, sparsities: [settings.sparsity], settings: { ...settings, ...changes } },
  points: [{ label, x }],
});

const isCount = (value: number) => Number.isInteger(value) && value > 0;

/** How many samples of the domain are enough; the importance of general ability is computed once. */
export const calibrationSizeSweep: Sweep = {
  title: 'Size of the domain calibration',
  axis: { label: 'Samples of the domain', scale: 'log' },
  parts(request) {
    needTexts(request);
    const sizes = numbersOf(request.values, [100, 500, 1000, 1500], isCount, 'a whole number above 0');
    return sizes.map((samples) => partOf(request, `${samples} samples`, samples, { samples }));
  },
};

/** The same number of sequences, shared out otherwise between open text and the domain. */
export const openToDomainSweep: Sweep = {
  title: 'Open text against the domain in the calibration',
  axis: { label: 'Share of the domain among the sequences', scale: 'linear' },
  parts(request) {
    needTexts(request);
    const { samples, openSamples } = request.settings;
    const all = samples + openSamples;
    const isShare = (value: number) => value > 0 && value < 1;
    const shares = numbersOf(
      request.values,
      [0.1, 0.25, 0.5, 0.75, 0.9],
      isShare,
      'a fraction between 0 and 1',
    );
    return shares.map((share) => {
      const domain = Math.min(all - 1, Math.max(1, Math.round(share * all)));
      const changes = { samples: domain, openSamples: all - domain };
      return partOf(request, `${formatShare(share)} domain`, share, changes);
    });
  },
};

/** How much of a figure is the luck of the draw: the same with other samples. */
export const seedSweep: Sweep = {
  title: 'Variance over seeds',
  axis: { label: 'Seed', scale: 'linear' },
  parts(request) {
    needTexts(request);
    const isSeed = (value: number) => Number.isInteger(value) && value >= 0;
    const seeds = numbersOf(request.values, [0, 1, 2, 3, 4], isSeed, 'a whole number from 0 on');
    return seeds.map((seed) => partOf(request, `seed ${seed}`, seed, { seed }));
  },
  async describe(measured) {
    const common = await keptAsByFirst(
      measured,
      (record, { row }) => record.settings.seed === row.settings?.seed,
    );
    return { columns: [common], remarks: spreadOf(measured) };
  },
};
