/**
 * How Node starts a process in which the engine computes. Plain JavaScript, as npm's scripts read it before anything is installed.
 *
 * V8 looks for garbage whenever 64 MiB of arrays outside of its heap have been made, which the engine does ten times a second, and
 * marks the heap on the cores that compute: a tenth of a run. With these it counts such arrays like its own, and lets half a
 * gigabyte pass; dead arrays are collected before (see `makeRoomFor`).
 *
 * @type {readonly string[]}
 */
export const engineNodeOptions = [
  '--external-memory-accounted-in-global-limit',
  '--initial-old-space-size=512',
];
