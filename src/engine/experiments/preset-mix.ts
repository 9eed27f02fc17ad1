import { UserError } from '../../contract/error.ts';
import { loadPreset, type Preset } from '../calibration/preset.ts';
import type { CalibrationSource } from '../run/calibration-source.ts';
import type { SweepRequest } from './experiment-request.ts';
import type { Sweep } from './sweep.ts';
import { valuesInvalid } from './sweep-values.ts';

type Texts = Extract<CalibrationSource, { kind: 'texts' }>;

/** The calibration as texts: samples are drawn anew for each point. @throws UserError CALIBRATION_FIXED */
export function needTexts({ calibration, experiment }: SweepRequest): Texts {
  if (calibration.kind === 'texts') return calibration;
  throw new UserError(
    'CALIBRATION_FIXED',
    `The experiment ${experiment} draws other samples for each of its points, but token ids are used as they are.`,
    'Give --preset with --data and --open in place of --tokens.',
  );
}

/** Other shares of the parts of a domain; the importance of general ability is computed once. */
export const mixSweep: Sweep = {
  title: 'Mix of the domain calibration',
  axis: { label: 'Mix', scale: 'linear' },
  async parts(request) {
    const { settings, values } = request;
    const texts = needTexts(request);
    const preset = await loadPreset(texts.preset);
    const mixes = values?.map((text) => mixOf(text, preset)) ?? usualMixes(preset);
    return mixes.map((shares, x) => {
      const label = shares.map((share) => Number((100 * share).toFixed(1))).join('/');
      return {
        name: label,
        request: {
          methods: [{ name: 'd-pruner', settings: {} }],
          sparsities: [settings.sparsity],
          calibration: {
            ...texts,
            preset: withShares(preset, shares),
            data: dataOf(texts, preset, shares),
          },
        },
        points: [{ label, x }],
      };
    });
  },
};

/** `20/60/20`: a share for each of the preset's parts, in its order. */
function mixOf(text: string, { parts }: Preset): number[] {
  const weights = text.split('/').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (weights.length === parts.length && weights.every((weight) => weight >= 0) && sum > 0)
    return weights.map((weight) => weight / sum);
  const names = parts.map(({ name }) => name).join('/');
  throw valuesInvalid(
    text,
    `a share for each of ${names}, such as ${parts.map(() => Math.round(100 / parts.length)).join('/')},`,
  );
}

/** The preset's own, all parts alike, and each part with four fifths of it. */
function usualMixes({ parts }: Preset): number[][] {
  const n = parts.length;
  if (n === 1) return [[1]];
  const mixes = [
    parts.map(({ share }) => share),
    parts.map(() => 1 / n),
    ...parts.map((_, most) => parts.map((_, i) => (i === most ? 0.8 : 0.2 / (n - 1)))),
  ];
  const label = (mix: readonly number[]) => mix.map((share) => share.toFixed(3)).join();
  return mixes.filter((mix, i) => mixes.findIndex((other) => label(other) === label(mix)) === i);
}

/** A part without a share is left out. */
function withShares(preset: Preset, shares: readonly number[]): Preset {
  const parts = preset.parts.flatMap((part, i) => (shares[i] > 0 ? [{ ...part, share: shares[i] }] : []));
  return { ...preset, parts };
}

function dataOf({ data }: Texts, { parts }: Preset, shares: readonly number[]): Texts['data'] {
  const left = new Set(parts.flatMap(({ name }, i) => (shares[i] > 0 ? [] : [name])));
  return new Map([...data].filter(([name]) => !left.has(name)));
}
