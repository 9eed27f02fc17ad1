import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { EventPump } from './event-pump.ts';

const require = createRequire(import.meta.url);

/** What is used of WebGPU (as in the browsers' interface of that name). */
export interface GpuBuffer {
  readonly size: number;
  readonly usage: number;
  readonly mapState: 'unmapped' | 'pending' | 'mapped';
  mapAsync(mode: number): Promise<void>;
  getMappedRange(): ArrayBuffer;
  unmap(): void;
  destroy(): void;
}

export interface GpuDevice {
  createBuffer(descriptor: { size: number; usage: number; mappedAtCreation: boolean }): GpuBuffer;
  addEventListener(
    type: 'uncapturederror',
    listener: (event: { readonly error: { readonly message: string }; preventDefault(): void }) => void,
  ): void;
  readonly limits: { readonly maxBufferSize: number; readonly maxStorageBufferBindingSize: number };
}

interface GpuAdapter {
  readonly features: ReadonlySet<string>;
  readonly limits: Readonly<Record<string, number>>;
  readonly info: GpuInfo;
  requestDevice(descriptor: object): Promise<GpuDevice>;
}

export interface GpuInfo {
  readonly vendor: string;
  readonly architecture: string;
  readonly description: string;
  /** Whether it is computed by the processor. */
  readonly isFallbackAdapter: boolean;
}

interface Gpu {
  requestAdapter(options: object): Promise<GpuAdapter | null>;
}

interface DawnModule {
  create(options: readonly string[]): Gpu;
  /** The names that WebGPU's interface puts into the global scope. */
  readonly globals: Readonly<Record<string, unknown>>;
}

/** An adapter that was found, and what turns Dawn's events. */
export interface Dawn {
  readonly gpu: Gpu;
  readonly adapter: GpuAdapter;
  readonly pump: EventPump;
}

/** What tfjs' kernels want more of than WebGPU promises everywhere. */
const LIMITS = [
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxComputeWorkgroupSizeX',
  'maxComputeInvocationsPerWorkgroup',
];

let opened: Promise<Dawn> | null = null;

/** The machine's best adapter, looked for once. */
export function openDawn(): Promise<Dawn> {
  opened ??= findAdapter();
  return opened;
}

async function findAdapter(): Promise<Dawn> {
  requireVulkanLoader();
  const { create, globals } = require('webgpu') as DawnModule;
  Object.assign(globalThis, globals);
  const pump = new EventPump();
  const gpu = create([]);
  const adapter = await pump.settle(() => gpu.requestAdapter({ powerPreference: 'high-performance' }));
  if (!adapter)
    throw new Error('no graphics processor with a driver for Vulkan, Direct3D 12 or Metal was found');
  return { gpu, adapter, pump };
}

const LOADER = 'libvulkan.so.1';
const LIBRARY_FOLDERS = [
  ...['/lib', '/usr/lib', '/lib64', '/usr/lib64', '/usr/local/lib'],
  ...[
    '/lib/x86_64-linux-gnu',
    '/usr/lib/x86_64-linux-gnu',
    '/lib/aarch64-linux-gnu',
    '/usr/lib/aarch64-linux-gnu',
  ],
];

/** Without it Dawn would write a warning past the program's own messages. */
function requireVulkanLoader(): void {
  if (process.platform !== 'linux') return;
  const folders = [...(process.env.LD_LIBRARY_PATH ?? '').split(':').filter(Boolean), ...LIBRARY_FOLDERS];
  if (!folders.some((folder) => existsSync(join(folder, LOADER))))
    throw new Error(
      `there is no ${LOADER}, which comes with a graphics processor's driver (Debian: libvulkan1)`,
    );
}

export function requestDevice({ adapter, pump }: Dawn): Promise<GpuDevice> {
  const requiredLimits = Object.fromEntries(LIMITS.map((name) => [name, adapter.limits[name]]));
  return pump.settle(() => adapter.requestDevice({ requiredLimits }));
}
