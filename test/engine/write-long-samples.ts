import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seededUniform } from './random-values.ts';

/** So many samples of 1000 tokens of a toy's 96, of which it takes one at a time. @returns the file */
export function writeLongSamples(folder: string, count: number): string {
  const path = join(folder, `${count}.jsonl`);
  const uniform = seededUniform(count);
  const sample = () => Array.from({ length: 1000 }, () => Math.floor(96 * uniform()));
  const lines = Array.from({ length: count }, () => `${JSON.stringify({ input_ids: sample() })}\n`);
  writeFileSync(path, lines.join(''));
  return path;
}
