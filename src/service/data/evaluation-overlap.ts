import { readUtf8 } from '../../engine/calibration/read-utf8.ts';

/** Words of a run that two texts hardly share by chance. */
const RUN_LENGTH = 8;

/** Finds texts that share a run of eight words with an evaluation text; letters' case and punctuation do not count. */
export class EvaluationOverlap {
  private readonly runs = new Set<string>();

  /** @throws UserError: see readUtf8 */
  static async of(files: readonly string[]): Promise<EvaluationOverlap> {
    const overlap = new EvaluationOverlap();
    for (const file of files) {
      for (const run of runsOf(await readUtf8(file))) overlap.runs.add(run);
    }
    return overlap;
  }

  has(text: string): boolean {
    for (const run of runsOf(text)) if (this.runs.has(run)) return true;
    return false;
  }
}

function* runsOf(text: string): Generator<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  for (let i = 0; i + RUN_LENGTH <= words.length; i++) yield words.slice(i, i + RUN_LENGTH).join(' ');
}
