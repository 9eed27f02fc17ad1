import { writeFileSync } from 'node:fs';

export interface TokenFile {
  readonly samples: number;
  readonly length: number;
  readonly vocabSize: number;
  readonly seed: number;
}

/** Writes samples of random token ids as the command line reads them. */
export function writeRandomTokens(path: string, { samples, length, vocabSize, seed }: TokenFile): void {
  let state = Math.imul(seed, 0x9e3779b1) | 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % vocabSize;
  };
  const lines = Array.from(
    { length: samples },
    () => `${JSON.stringify({ input_ids: Array.from({ length }, next) })}\n`,
  );
  writeFileSync(path, lines.join(''));
}
