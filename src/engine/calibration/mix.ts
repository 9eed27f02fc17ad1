import type { Tokenizer } from '../tokenizer/open-tokenizer.ts';
import { type CalibrationReport, describeMix, type OnShortfall } from './calibration-report.ts';
import { decideCounts } from './decide-counts.ts';
import { type MixPart, openParts, partsLeftOut } from './mix-part.ts';
import type { Preset } from './preset.ts';
import type { DrawnSample } from './sample-source.ts';

export interface MixOptions {
  readonly preset: Preset;
  /** Files of each part by its name; the single word `none` leaves a part out. */
  readonly data: ReadonlyMap<string, readonly string[]>;
  readonly tokenizer: Tokenizer;
  readonly samples: number;
  /** Tokens after which a sample is cut. */
  readonly sequenceLength: number;
  readonly seed: number;
  readonly onShortfall: OnShortfall;
}

export interface CalibrationSample {
  readonly inputIds: Int32Array<ArrayBuffer>;
  /** Name of the part that it is from. */
  readonly part: string;
}

export interface CalibrationSet {
  readonly samples: readonly CalibrationSample[];
  readonly report: CalibrationReport;
}

/**
 * The domain's calibration set: from each part its share of the samples, drawn without replacement by the seed,
 * tokenized with the model's special tokens and cut at the sequence length. The parts are interleaved evenly.
 * Equal files, settings and seed give equal samples in equal order.
 *
 * @throws UserError CALIBRATION_PART_MISSING, CALIBRATION_PART_UNKNOWN, CALIBRATION_PART_EMPTY, CALIBRATION_SHORT (with
 * `refuse`), and what readRecords throws.
 */
export async function buildCalibration(options: MixOptions): Promise<CalibrationSet> {
  const { preset, data, samples, onShortfall } = options;
  const leftOut = partsLeftOut(preset, data);
  const parts = await openParts(options, leftOut);
  const { wanted, counts } = decideCounts(parts, samples, onShortfall);

  const used = parts.map(({ source }, index) => source.drawn.slice(0, counts[index]));
  const reports = parts.map(({ part, share, texts, source }, index) => ({
    name: part.name,
    title: part.title,
    share,
    wanted: wanted[index] ?? 0,
    available: source.available,
    used: counts[index] ?? 0,
    truncated: used[index]?.filter(({ truncated }) => truncated).length ?? 0,
    duplicates: texts.duplicates,
    tooShort: source.tooShort,
    tokens: countTokens(used[index] ?? []),
    files: texts.files,
  }));
  return {
    samples: interleave(parts, used),
    report: {
      preset: preset.name,
      seed: options.seed,
      sequenceLength: options.sequenceLength,
      onShortfall,
      wanted: samples,
      used: reports.reduce((sum, report) => sum + report.used, 0),
      tokens: reports.reduce((sum, report) => sum + report.tokens, 0),
      parts: reports,
      leftOut,
      notes: describeMix(reports, leftOut, onShortfall),
    },
  };
}

/** Sample k of a part with n samples stands at (k + ½)/n, so that any beginning holds about the mix. */
function interleave(
  parts: readonly MixPart[],
  used: readonly (readonly DrawnSample[])[],
): CalibrationSample[] {
  return parts
    .flatMap(({ part }, index) => {
      const samples = used[index] ?? [];
      return samples.map(({ inputIds }, k) => ({
        sample: { inputIds, part: part.name },
        at: (k + 0.5) / samples.length,
        index,
      }));
    })
    .sort((a, b) => a.at - b.at || a.index - b.index)
    .map(({ sample }) => sample);
}

const countTokens = (samples: readonly DrawnSample[]): number =>
  samples.reduce((sum, { inputIds }) => sum + inputIds.length, 0);
