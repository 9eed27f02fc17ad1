import type { DataPreview } from '../../contract/data-inspection.ts';
import type { PresetPart } from '../../contract/preset.ts';
import { readRecords } from '../../engine/calibration/read-records.ts';

/** A longer one would be cut by the screen, too. */
const MAX_CHARACTERS = 2000;

interface PreviewQuestion {
  readonly file: string;
  readonly part: PresetPart | null;
  readonly count: number;
  readonly isMasked: boolean;
}

/** The first records of a file as a run would read them. @throws UserError: see readRecords */
export async function previewData({ file, part, count, isMasked }: PreviewQuestion): Promise<DataPreview> {
  const records = await readRecords(file, part?.reader ?? 'auto', part?.template ?? null);
  const show = (text: string) => (isMasked ? maskText : String)(text.slice(0, MAX_CHARACTERS));
  return {
    isMasked,
    records: records
      .slice(0, count)
      .map(({ prompt, completion }) => ({ prompt: show(prompt), completion: show(completion) })),
  };
}

/** The form of a text without what it says. */
export const maskText = (text: string): string =>
  text
    .replace(/\p{Lu}/gu, 'X')
    .replace(/[\p{L}\p{M}]/gu, (letter) => (letter === 'X' ? 'X' : 'x'))
    .replace(/\p{N}/gu, '9');
