import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import {
  enableProdMode,
  engine,
  getBackend,
  ready,
  registerBackend,
  setBackend,
} from '@tensorflow/tfjs-core';
import { UserError } from '../../contract/error.ts';
import { selfTest } from './self-test.ts';
import { tensorflowBackend } from './tensorflow-backend.ts';
import { openDawn } from './webgpu/dawn.ts';
import { inversionFault } from './webgpu/device-inversion.ts';
import { createWebgpuBackend } from './webgpu/webgpu-backend.ts';

const require = createRequire(import.meta.url);

// tfjs would advertise its other packages on the console.
enableProdMode();

/** The backends, best first; TensorFlow on the processor gives way to a graphics processor. */
export const BACKENDS = ['tensorflow', 'webgpu', 'wasm', 'cpu'] as const;
export type BackendName = (typeof BACKENDS)[number];

/** What became of one backend when it was tried. */
export interface BackendTrial {
  readonly name: BackendName;
  readonly usable: boolean;
  /** Computes on a graphics processor. */
  readonly onGraphics?: true;
  /** Works, but is taken only where it is asked for by name; the reason says why. */
  readonly onlyByName?: true;
  /** Why it cannot be used, or is not; or what it cannot do as it should. */
  readonly reason?: string;
}

const loaders: Record<BackendName, () => Promise<void>> = {
  tensorflow: loadTensorflow,
  webgpu: loadWebgpu,
  wasm: loadWasm,
  cpu: async () => void (await import('@tensorflow/tfjs-backend-cpu')),
};

/** Registers tfjs-node's backend over the binding that set-up compiled against TensorFlow's own library. */
async function loadTensorflow(): Promise<void> {
  if (engine().registryFactory.tensorflow) return;
  // tfjs-node 4.22 calls two functions that Node 23 removed.
  const util = require('node:util') as Record<string, unknown>;
  util.isNullOrUndefined ??= (value: unknown) => value == null;
  util.isArray ??= Array.isArray;
  const root = dirname(require.resolve('@tensorflow/tfjs-node-gpu/package.json'));
  const binding = require(join(root, 'lib', 'napi-v8', 'tfjs_binding.node'));
  require(join(root, 'dist', 'register_all_kernels.js'));
  const { NodeJSKernelBackend } = require(join(root, 'dist', 'nodejs_kernel_backend.js'));
  registerBackend('tensorflow', () => new NodeJSKernelBackend(binding, 'tensorflow'));
}

/** Dawn's: any graphics processor with just its driver. */
async function loadWebgpu(): Promise<void> {
  if (engine().registryFactory.webgpu) return;
  const dawn = await openDawn();
  registerBackend('webgpu', () => createWebgpuBackend(dawn));
}

async function loadWasm(): Promise<void> {
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(dirname(require.resolve('@tensorflow/tfjs-backend-wasm')) + sep);
}

/** Loads one backend, makes it the current one and checks it against known results. */
export async function tryBackend(name: BackendName): Promise<BackendTrial> {
  try {
    await loaders[name]();
    if (!(await setBackend(name)))
      return { name, usable: false, reason: 'it does not start on this machine' };
    await ready();
    selfTest();
    return { name, usable: true, ...(await placeOf(name)) };
  } catch (error) {
    return { name, usable: false, reason: firstLine(error) };
  }
}

/** Where a backend computes. */
async function placeOf(name: BackendName): Promise<Partial<BackendTrial>> {
  if (name === 'tensorflow') return tensorflowBackend().isUsingGpuDevice ? { onGraphics: true } : {};
  if (name !== 'webgpu') return {};
  const reason = await whySoftware();
  if (reason !== null) return { onlyByName: true, reason };
  const fault = inversionFault();
  return { onGraphics: true, ...(fault !== null && { reason: fault }) };
}

/** An adapter that the processor computes is slower than every other backend. */
async function whySoftware(): Promise<string | null> {
  const { isFallbackAdapter, description, architecture } = (await openDawn()).adapter.info;
  return isFallbackAdapter
    ? `there is no graphics processor, only ${description || architecture}, which computes on the processor`
    : null;
}

const firstLine = (error: unknown): string =>
  String(error instanceof Error ? error.message : error).split('\n', 1)[0];

/**
 * Makes the best usable backend the current one, or the named one.
 * @returns the trials; the last is the one in use, those before it say why they are not.
 * @throws UserError BACKEND_UNAVAILABLE if the named one, or none at all, can be used.
 */
export async function openBackend(name: BackendName | null): Promise<BackendTrial[]> {
  const trials = await tryInOrder(name);
  if (trials.at(-1)?.usable) return trials;
  const reasons = trials.map((trial) => `${trial.name}: ${trial.reason}`).join('; ');
  throw new UserError(
    'BACKEND_UNAVAILABLE',
    `No tensor backend can be used (${reasons}).`,
    name
      ? 'Leave out --backend to use the best one there is, or run `doctor`.'
      : 'Run `npm run setup`, then `doctor`.',
  );
}

/** As `openBackend`, where none that works is an outcome as well. */
export async function tryInOrder(wanted: BackendName | null): Promise<BackendTrial[]> {
  if (wanted) return [await tryBackend(wanted)];
  const trials: BackendTrial[] = [];
  for (const name of BACKENDS) {
    const known = chosenOf(trials);
    // Only a graphics processor is better than TensorFlow on the processor, so that webgpu is looked at all the same.
    if (known && (known.onGraphics || name !== 'webgpu')) break;
    trials.push(await tryUnasked(name));
  }
  const chosen = chosenOf(trials);
  if (chosen) await setBackend(chosen.name);
  const ranked = bestFirst(trials);
  return chosen ? ranked.slice(0, ranked.indexOf(chosen) + 1) : ranked;
}

/** Software is not started only to be passed over. */
async function tryUnasked(name: BackendName): Promise<BackendTrial> {
  if (name === 'webgpu') {
    const reason = await whySoftware().catch(firstLine);
    if (reason !== null) return { name, usable: false, reason };
  }
  return tryBackend(name);
}

/** The one that a run uses unless it is told otherwise; null if none of them can be used. */
export const chosenOf = (trials: readonly BackendTrial[]): BackendTrial | null =>
  bestFirst(trials).find(({ usable, onlyByName }) => usable && !onlyByName) ?? null;

/** A graphics processor that is not there makes no backend better that would have used it. */
export const bestFirst = <T extends BackendTrial>(trials: readonly T[]): T[] =>
  trials.toSorted((one, other) => rankOf(one) - rankOf(other));

const rankOf = ({ name, onGraphics }: BackendTrial): number =>
  BACKENDS.indexOf(name) + (onGraphics ? 0 : BACKENDS.length);

/** The backend in use. */
export const currentBackend = (): BackendName => getBackend() as BackendName;
