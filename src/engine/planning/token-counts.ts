import type { PruneSettings } from '../../contract/settings.ts';
import type { Needs } from '../run/needs.ts';

/** A text that a run sees: how many tokens, in samples of at most so many. */
export interface TextSize {
  readonly tokens: number;
  readonly samples: number;
  readonly longest: number;
}

export interface TextSizes {
  readonly domain: TextSize;
  readonly open: TextSize;
  /** What methods beside D-Pruner's own passes see. */
  readonly mix: TextSize;
}

const NOTHING: TextSize = { tokens: 0, samples: 0, longest: 0 };

/** The most that the settings ask for; texts may turn out shorter. */
export function textSizes(settings: PruneSettings, needs: Needs): TextSizes {
  const sized = (samples: number, longest: number): TextSize => ({
    samples,
    longest,
    tokens: samples * longest,
  });
  const domain = needs.domain ? sized(settings.samples, settings.sequenceLength) : NOTHING;
  const open = needs.open ? sized(settings.openSamples, settings.openSequenceLength) : NOTHING;
  return withMix(domain, open, settings, needs);
}

/** The same for samples that are known. */
export function sizesOfSamples(
  domain: readonly Int32Array[],
  open: readonly Int32Array[],
  settings: PruneSettings,
  needs: Needs,
): TextSizes {
  return withMix(sizeOf(domain), sizeOf(open), settings, needs);
}

export const together = (one: TextSize, other: TextSize): TextSize => ({
  tokens: one.tokens + other.tokens,
  samples: one.samples + other.samples,
  longest: Math.max(one.longest, other.longest),
});

function sizeOf(samples: readonly Int32Array[]): TextSize {
  const lengths = samples.map(({ length }) => length);
  return {
    tokens: lengths.reduce((sum, length) => sum + length, 0),
    samples: samples.length,
    longest: lengths.reduce((most, length) => Math.max(most, length), 0),
  };
}

function withMix(domain: TextSize, open: TextSize, settings: PruneSettings, needs: Needs): TextSizes {
  const { calibrateOn } = settings;
  if (!needs.layerwise && !needs.outliers) return { domain, open, mix: NOTHING };
  if (calibrateOn === 'both') return { domain, open, mix: together(domain, open) };
  if (calibrateOn !== 'mix') return { domain, open, mix: calibrateOn === 'domain' ? domain : open };
  const half = Math.ceil(Math.min(domain.samples, open.samples) / 2);
  const part = ({ tokens, samples, longest }: TextSize): TextSize => ({
    samples: half,
    longest,
    tokens: samples === 0 ? 0 : Math.round((tokens * half) / samples),
  });
  return { domain, open, mix: together(part(domain), part(open)) };
}
