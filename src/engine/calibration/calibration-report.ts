import type { DataFile } from './read-texts.ts';

/** What to do when a part has fewer records than its share asks for. */
export type OnShortfall =
  /** Make the whole mix smaller, so that the shares hold. */
  | 'proportion'
  /** Stop with an error. */
  | 'refuse'
  /** Take what there is and fill up from the other parts; the shares shift. */
  | 'available';

export interface PartReport {
  readonly name: string;
  readonly title: string;
  /** Of the whole mix; with a part left out, the others' shares are scaled up to add up to 1. */
  readonly share: number;
  /** Samples that the share asks for. */
  readonly wanted: number;
  /** Distinct texts, less those known to be too short. */
  readonly available: number;
  readonly used: number;
  /** Used samples that were cut at the sequence length. */
  readonly truncated: number;
  readonly duplicates: number;
  /** Texts passed over since they have less than two tokens. */
  readonly tooShort: number;
  /** Of the used samples. */
  readonly tokens: number;
  readonly files: readonly DataFile[];
}

/** How a calibration set came about. It holds no text. */
export interface CalibrationReport {
  readonly preset: string;
  readonly seed: number;
  readonly sequenceLength: number;
  readonly onShortfall: OnShortfall;
  readonly wanted: number;
  readonly used: number;
  readonly tokens: number;
  readonly parts: readonly PartReport[];
  /** Parts of the preset that were given `none` instead of a file. */
  readonly leftOut: readonly string[];
  /** What a person should know, a sentence each: parts left out, too few records, shifted shares. */
  readonly notes: readonly string[];
}

const percent = (fraction: number): string => `${Number((100 * fraction).toFixed(1))} %`;

/** Says in words where the mix is not the one that was asked for. */
export function describeMix(
  parts: readonly PartReport[],
  leftOut: readonly string[],
  onShortfall: OnShortfall,
): string[] {
  const sum = (count: (part: PartReport) => number) => parts.reduce((total, part) => total + count(part), 0);
  const wanted = sum((part) => part.wanted);
  const used = sum((part) => part.used);
  const notes: string[] = [];
  if (leftOut.length > 0) {
    const shares = parts.map((part) => `${part.name} ${percent(part.share)}`).join(', ');
    notes.push(`Left out as asked: ${leftOut.join(', ')}. The shares are now ${shares}.`);
  }
  const short = parts.filter((part) => part.available < part.wanted);
  if (short.length === 0) return notes;
  const counts = short.map(
    (part) => `${part.name} has ${part.available} of the ${part.wanted} records wanted`,
  );
  const outcome =
    onShortfall === 'proportion'
      ? `the whole mix is scaled down from ${wanted} to ${used} samples, so that the shares hold`
      : `other parts fill up where they can, so that of ${used} samples ${parts
          .map((part) => `${percent(part.used / used)} are ${part.name}`)
          .join(', ')}`;
  notes.push(`${counts.join('; ')}: ${outcome}.`);
  return notes;
}
