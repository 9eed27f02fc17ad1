import { writeFileSync } from 'node:fs';

/** A token file as `--tokens` reads it, a sequence a line; says on the terminal what is in it. */
export function writeTokens(file: string, samples: readonly Int32Array[]): void {
  writeFileSync(file, samples.map((ids) => `${JSON.stringify({ input_ids: [...ids] })}\n`).join(''));
  const tokens = samples.reduce((total, { length }) => total + length, 0);
  console.log(`${file}: ${samples.length} sequences, ${tokens} tokens`);
}
