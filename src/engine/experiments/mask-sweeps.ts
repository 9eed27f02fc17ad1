import { UserError } from '../../contract/error.ts';
import type { Sweep } from './sweep.ts';
import { formatShare, numbersOf } from './sweep-values.ts';

/** How much a model bears: all points are masks of one scoring. */
export const sparsitySweep: Sweep = {
  title: 'Sparsity',
  axis: { label: 'Weights set to zero', scale: 'linear' },
  parts({ values }) {
    const usual = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7];
    const sparsities = numbersOf(
      values,
      usual,
      (value) => value > 0 && value < 1,
      'a fraction between 0 and 1',
    );
    const points = sparsities.map((x) => ({ label: formatShare(x), x }));
    return [
      { name: 'all points', request: { methods: [{ name: 'd-pruner', settings: {} }], sparsities }, points },
    ];
  },
};

/** From general ability alone to the domain alone: all points are masks of one scoring. */
export const muSweep: Sweep = {
  title: 'General ability against the domain (μ)',
  axis: { label: 'μ', scale: 'linear' },
  parts({ values, settings }) {
    const { criterion, sparsity } = settings;
    if (criterion !== 'dual' && criterion !== 'balanced') throw withoutMu(criterion);
    const usual = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
    const mus = numbersOf(values, usual, (value) => value >= 0 && value <= 1, 'a number from 0 to 1');
    return [
      {
        name: 'all points',
        request: {
          methods: mus.map((mu) => ({ name: `d-pruner:mu=${mu}`, settings: { mu } })),
          sparsities: [sparsity],
        },
        points: mus.map((x) => ({ label: `μ ${x}`, x })),
      },
    ];
  },
};

const withoutMu = (criterion: string) =>
  new UserError(
    'SETTINGS_CONFLICT',
    `The criterion ${criterion} has no μ to be swept.`,
    'Choose --criterion dual or --criterion balanced.',
  );
