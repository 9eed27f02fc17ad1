import { hashFile } from './hash-file.ts';
import type { PromptTemplate } from './prompt-template.ts';
import { readRecords } from './read-records.ts';
import type { Container } from './read-rows.ts';

/** A data file by what identifies it without showing its text. */
export interface DataFile {
  readonly path: string;
  /** Of the bytes, in hexadecimal. */
  readonly sha256: string;
  readonly records: number;
}

export interface Texts {
  /** Calibration texts in the files' order, each once. */
  readonly texts: string[];
  readonly files: DataFile[];
  /** Texts dropped since the same was read before. */
  readonly duplicates: number;
}

/**
 * Reads the calibration texts of files, dropping those already in `seen`, to which the new ones are added.
 *
 * @throws UserError: see readRecords.
 */
export async function readTexts(
  paths: readonly string[],
  container: Container | 'auto',
  template: PromptTemplate | null,
  seen: Set<string>,
): Promise<Texts> {
  const texts: string[] = [];
  const files: DataFile[] = [];
  let duplicates = 0;
  for (const path of paths) {
    const records = await readRecords(path, container, template);
    files.push({ path, sha256: await hashFile(path), records: records.length });
    for (const { prompt, completion } of records) {
      const text = prompt + completion;
      if (seen.has(text)) {
        duplicates++;
      } else {
        seen.add(text);
        texts.push(text);
      }
    }
  }
  return { texts, files, duplicates };
}
