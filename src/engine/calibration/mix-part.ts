import { UserError } from '../../contract/error.ts';
import type { MixOptions } from './mix.ts';
import type { Preset, PresetPart } from './preset.ts';
import { seededRandom } from './random.ts';
import { readTexts, type Texts } from './read-texts.ts';
import { SampleSource } from './sample-source.ts';

/** A part of the preset with its texts; its share is renormalised where parts are left out. */
export interface MixPart {
  readonly part: PresetPart;
  readonly share: number;
  readonly texts: Texts;
  readonly source: SampleSource;
}

/** Checks that every part is either given or left out, and nothing else is given. */
export function partsLeftOut({ name, parts }: Preset, data: MixOptions['data']): string[] {
  const names = parts.map((part) => part.name);
  const unknown = [...data.keys()].find((given) => !names.includes(given));
  if (unknown !== undefined) {
    throw new UserError(
      'CALIBRATION_PART_UNKNOWN',
      `The preset ${name} has no part "${unknown}".`,
      `Its parts are ${names.join(', ')}.`,
    );
  }
  const missing = names.filter((part) => (data.get(part) ?? []).length === 0);
  if (missing.length > 0) {
    throw new UserError(
      'CALIBRATION_PART_MISSING',
      `The preset ${name} needs data for ${missing.join(', ')}.`,
      `Give --data ${missing[0]}=FILE, or --data ${missing[0]}=none to do without it.`,
    );
  }
  const leftOut = names.filter((part) => data.get(part)?.join() === 'none');
  if (leftOut.length < names.length) return leftOut;
  throw new UserError(
    'CALIBRATION_PART_MISSING',
    `Every part of the preset ${name} is left out.`,
    `Give a file for at least one of ${names.join(', ')}.`,
  );
}

export async function openParts(options: MixOptions, leftOut: readonly string[]): Promise<MixPart[]> {
  const { preset, data, tokenizer, sequenceLength, seed } = options;
  const taken = preset.parts.filter(({ name }) => !leftOut.includes(name));
  const total = taken.reduce((sum, { share }) => sum + share, 0);
  const seen = new Set<string>();
  const parts: MixPart[] = [];
  for (const part of taken) {
    const texts = await readTexts(data.get(part.name) ?? [], part.reader, part.template, seen);
    const random = seededRandom(seed, `calibration/${part.name}`);
    const source = new SampleSource(texts.texts, tokenizer, sequenceLength, random);
    parts.push({ part, share: part.share / total, texts, source });
  }
  return parts;
}
