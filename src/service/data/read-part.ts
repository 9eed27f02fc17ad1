import { stat } from 'node:fs/promises';
import type { DataInspection } from '../../contract/data-inspection.ts';
import type { PresetPart } from '../../contract/preset.ts';
import { hashFile } from '../../engine/calibration/hash-file.ts';
import type { CalibrationRecord } from '../../engine/calibration/prompt-template.ts';
import { readRecords } from '../../engine/calibration/read-records.ts';
import { detectContainer } from '../../engine/calibration/read-rows.ts';
import { toProblem } from '../to-problem.ts';

export interface PartFile {
  readonly finding: DataInspection['files'][number];
  readonly records: readonly CalibrationRecord[];
}

/** Reads a file of a part of the mix as a run would; what is wrong with it becomes a finding. */
export async function readPartFile(path: string, part: PresetPart | null): Promise<PartFile> {
  const sizeBytes = (await stat(path).catch(() => null))?.size ?? 0;
  const finding = { path, sha256: null, sizeBytes, container: null, records: 0, problem: null };
  try {
    const wanted = part?.reader ?? 'auto';
    const container = wanted === 'auto' ? await detectContainer(path) : wanted;
    const records = await readRecords(path, container, part?.template ?? null);
    const sha256 = await hashFile(path);
    return { finding: { ...finding, sha256, container, records: records.length }, records };
  } catch (error) {
    return { finding: { ...finding, problem: toProblem(error) }, records: [] };
  }
}
