import { hasFusedKernels, trimAllocator } from './fused-kernels.ts';
import { collectDeadArrays } from './reclaim.ts';

/** Arrays of so many bytes never find room in what the allocator keeps of freed ones. */
const LARGE = 72 * 2 ** 20;

/**
 * Before something of so many bytes is made: if it is large, dead arrays are collected, and what the allocator kept of freed ones goes
 * back to the system. It keeps them for the next operations, which is faster. Done before each layer of a large model, it also makes
 * peaks what they were in the layer before.
 */
export function giveMemoryBackBefore(bytes: number): void {
  if (bytes < LARGE) return;
  collectDeadArrays();
  if (hasFusedKernels()) trimAllocator();
}
