import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Arrays that nobody refers to any more may take so many bytes before they are looked for. */
const GARBAGE_BYTES = 256 * 2 ** 20;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

let sinceLastBytes = 0;

/**
 * Counts a large array or tensor that is about to be made. JavaScript frees arrays when it likes, and what lies outside its own heap
 * hardly hurries it: without this, gigabytes of dead copies of tensors pile up. Collecting takes some milliseconds.
 */
export function makeRoomFor(bytes: number): void {
  const isJustDone = sinceLastBytes === 0;
  sinceLastBytes += bytes;
  if (isJustDone || sinceLastBytes < GARBAGE_BYTES) return;
  collectDeadArrays();
  sinceLastBytes = bytes;
}

export function collectDeadArrays(): void {
  sinceLastBytes = 0;
  collectGarbage();
}
