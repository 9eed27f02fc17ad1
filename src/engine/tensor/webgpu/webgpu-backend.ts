import { createRequire } from 'node:module';
import { type DataId, type DataType, type KernelBackend, util } from '@tensorflow/tfjs-core';
import { BufferPool } from './buffer-pool.ts';
import { type Dawn, type GpuBuffer, type GpuDevice, type GpuInfo, requestDevice } from './dawn.ts';
import type { EventPump } from './event-pump.ts';

const require = createRequire(import.meta.url);

/** Data of so many bytes is freed at once rather than with the next dozen of operations. */
const LARGE_BYTES = 32 * 2 ** 20;

interface TensorData {
  readonly dtype: DataType;
  readonly shape: number[];
  /** Where they are not on the device, or not yet. */
  readonly values: Float32Array | Int32Array | Uint8Array | null;
  readonly resource: GpuBuffer | null;
}

/** What is used of tfjs' WebGPU backend. */
interface TfjsBackend extends KernelBackend {
  bufferManager: BufferPool;
  readonly tensorMap: { get(id: DataId): TensorData; has(id: DataId): boolean };
  readonly commandQueueOwnedIds: WeakSet<DataId>;
  readonly commandEncoder: {
    copyBufferToBuffer(from: GpuBuffer, at: number, to: GpuBuffer, toAt: number, size: number): void;
  };
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
}

type TfjsBackendClass = new (device: GpuDevice, info: GpuInfo) => TfjsBackend;

/** tfjs' WebGPU backend on Dawn's device. */
export async function createWebgpuBackend(dawn: Dawn): Promise<KernelBackend> {
  const { WebGPUBackend } = require('@tensorflow/tfjs-backend-webgpu') as { WebGPUBackend: TfjsBackendClass };
  // Only now: had it been there before, tfjs would have opened a device of its own.
  Object.defineProperty(navigator, 'gpu', { value: dawn.gpu, configurable: true });
  const device = await requestDevice(dawn);
  return adapt(new WebGPUBackend(device, dawn.adapter.info), device, dawn.pump);
}

/**
 * The engine reads results with the thread in hand, for which tfjs would need a canvas; it needs a device that gives memory back;
 * and what goes wrong on the device must not pass for a result.
 */
function adapt(backend: TfjsBackend, device: GpuDevice, pump: EventPump): TfjsBackend {
  const errors: string[] = [];
  device.addEventListener('uncapturederror', (event) => {
    event.preventDefault();
    errors.push(event.error.message);
  });
  backend.bufferManager = new BufferPool(device);

  backend.readSync = (id: object) => {
    const { values, resource, dtype, shape } = backend.tensorMap.get(id);
    if (values) return values;
    if (!resource) throw new Error(`a tensor of shape [${shape}] has no data`);
    const copy = download(backend, resource, pump);
    if (errors.length > 0)
      throw new Error(`the graphics processor failed: ${errors.splice(0)[0].split('\n', 1)[0]}`);
    return util.convertBackendValuesAndArrayBuffer(copy, dtype) as Float32Array;
  };
  backend.read = async (id: object) => backend.readSync(id);

  const disposeData = backend.disposeData.bind(backend);
  backend.disposeData = (id: object, force?: boolean) => {
    const bytes = backend.tensorMap.has(id) ? (backend.tensorMap.get(id).resource?.size ?? 0) : 0;
    if (bytes >= LARGE_BYTES && backend.commandQueueOwnedIds.has(id)) {
      backend.endComputePassEncoder();
      backend.submitQueue();
    }
    return disposeData(id, force);
  };
  return backend;
}

function download(backend: TfjsBackend, from: GpuBuffer, pump: EventPump): ArrayBuffer {
  const { size } = from;
  const { COPY_DST, MAP_READ } = (globalThis as unknown as { GPUBufferUsage: Record<string, number> })
    .GPUBufferUsage;
  const staging = backend.bufferManager.acquireBuffer(size, COPY_DST | MAP_READ);
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
  backend.commandEncoder.copyBufferToBuffer(from, 0, staging, 0, size);
  backend.submitQueue();
  const { READ } = (globalThis as unknown as { GPUMapMode: Record<string, number> }).GPUMapMode;
  let failure: unknown = null;
  pump
    .during(() => staging.mapAsync(READ))
    .catch((error: unknown) => {
      failure = error;
    });
  pump.turnUntil(() => staging.mapState !== 'pending');
  if (staging.mapState !== 'mapped')
    throw new Error(`the graphics processor failed: ${failure ?? 'it was lost'}`);
  const copy = staging.getMappedRange().slice(0);
  staging.unmap();
  backend.bufferManager.releaseBuffer(staging);
  return copy;
}
