import type { GpuBuffer, GpuDevice } from './dawn.ts';

/** Freed buffers that are kept to be used again. */
const KEPT_BYTES = 256 * 2 ** 20;

/**
 * The buffers of tfjs' WebGPU backend, in place of its own manager, which never gives a freed one back to the device: of
 * those that are free only some are kept, none of the large ones.
 */
export class BufferPool {
  numBytesUsed = 0;
  /** With those that are free. */
  numBytesAllocated = 0;
  private readonly device: GpuDevice;
  private readonly free = new Map<string, GpuBuffer[]>();
  private freeBytes = 0;

  constructor(device: GpuDevice) {
    this.device = device;
  }

  acquireBuffer(size: number, usage: number, mappedAtCreation = false, reuse = true): GpuBuffer {
    const most = Math.min(this.device.limits.maxBufferSize, this.device.limits.maxStorageBufferBindingSize);
    if (size > most) throw tooLarge(size, most);
    this.numBytesUsed += size;
    const known = reuse ? this.free.get(keyOf(size, usage))?.pop() : undefined;
    if (known) {
      this.freeBytes -= size;
      return known;
    }
    this.numBytesAllocated += size;
    return this.device.createBuffer({ size, usage, mappedAtCreation });
  }

  releaseBuffer(buffer: GpuBuffer, reuse = true): void {
    const { size, usage } = buffer;
    this.numBytesUsed -= size;
    if (!reuse || size > KEPT_BYTES / 4) {
      this.destroy(buffer);
      return;
    }
    if (this.freeBytes + size > KEPT_BYTES) this.destroyFree();
    const key = keyOf(size, usage);
    const others = this.free.get(key);
    if (others) others.push(buffer);
    else this.free.set(key, [buffer]);
    this.freeBytes += size;
  }

  dispose(): void {
    this.destroyFree();
  }

  private destroyFree(): void {
    for (const buffers of this.free.values()) for (const buffer of buffers) this.destroy(buffer);
    this.free.clear();
    this.freeBytes = 0;
  }

  private destroy(buffer: GpuBuffer): void {
    this.numBytesAllocated -= buffer.size;
    buffer.destroy();
  }
}

const mib = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;

const tooLarge = (size: number, most: number) =>
  new Error(
    `a tensor of ${mib(size)} is wanted, and the graphics processor takes no more than ${mib(most)} in one`,
  );

const keyOf = (size: number, usage: number): string => `${size}/${usage}`;
