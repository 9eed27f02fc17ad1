import { hasFusedKernels, trimAllocator } from './fused-kernels.ts';
import { collectDeadArrays } from './reclaim.ts';

/**
 * Before something large is made: dead arrays are collected, and what the allocator kept of freed ones goes back to the system. It keeps
 * them for the next operations, which is faster; but arrays of 72 MiB and more never find room in what it keeps.
 */
export function giveMemoryBack(): void {
  collectDeadArrays();
  if (hasFusedKernels()) trimAllocator();
}
