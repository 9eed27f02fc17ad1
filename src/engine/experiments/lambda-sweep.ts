import { removeExact } from '../run/score-all.ts';
import { keptAsByFirst, runsOf } from './mask-agreement.ts';
import type { Sweep } from './sweep.ts';
import { numbersOf } from './sweep-values.ts';

/**
 * The paper's regulariser. One general and one domain pass for all points: each takes the float32 importances of the
 * first, and only its final importance is its own.
 */
export const lambdaSweep: Sweep = {
  title: "The regulariser's λ as printed",
  axis: { label: 'λ', scale: 'log' },
  parts({ values, settings }) {
    const usual = [0, 0.0001, 0.001, 0.01, 0.1, 1];
    const lambdas = numbersOf(values, usual, (value) => value >= 0, 'a number from 0 on');
    const printed = { criterion: 'paper', rho: null, regularizer: true } as const;
    return [
      {
        name: 'all points',
        request: {
          methods: lambdas.map((lambda) => ({
            name: `d-pruner:criterion=paper:lambda=${lambda}`,
            settings: { ...printed, lambda },
          })),
          sparsities: [settings.sparsity],
          keepExact: true,
        },
        points: lambdas.map((x) => ({ label: `λ ${x}`, x })),
      },
    ];
  },
  async describe(measured) {
    const isOf: Parameters<typeof runsOf>[1] = ({ settings }, { row }) =>
      settings.criterion === 'paper' && settings.rho === null && settings.lambda === row.settings?.lambda;
    const runs = await runsOf(measured, isOf);
    const common = await keptAsByFirst(measured, isOf);
    for (const run of runs) await removeExact(run);
    const strengths = runs.map(({ record }) => record.regularizer?.strength ?? null);
    const rhos = runs.map(({ record }) => record.regularizer?.rho ?? null);
    return {
      columns: [
        { column: { name: 'c = 2λα²', kind: 'figure' }, cells: strengths },
        { column: { name: 'amounts to ρ', kind: 'figure' }, cells: rhos },
        common,
      ],
      remarks: [
        'ρ is c times the median of G · H_F: how much the regulariser adds to a gradient of middling size. Where it is far below 1, λ chooses next to nothing.',
      ],
    };
  },
};
