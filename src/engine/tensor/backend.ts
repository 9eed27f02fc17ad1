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

const require = createRequire(import.meta.url);

// tfjs would advertise its other packages on the console.
enableProdMode();

/** The backends, best first. */
export const BACKENDS = ['tensorflow', 'wasm', 'cpu'] as const;
export type BackendName = (typeof BACKENDS)[number];

/** What became of one backend when it was tried. */
export interface BackendTrial {
  readonly name: BackendName;
  readonly usable: boolean;
  /** Why it cannot be used. */
  readonly reason?: string;
}

const loaders: Record<BackendName, () => Promise<void>> = {
  tensorflow: loadTensorflow,
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
    return { name, usable: true };
  } catch (error) {
    return { name, usable: false, reason: firstLine(error) };
  }
}

const firstLine = (error: unknown): string =>
  String(error instanceof Error ? error.message : error).split('\n', 1)[0];

/**
 * Makes the best usable backend the current one, or the named one.
 * @returns the trials in order; the last is the one in use, those before it say why they are not.
 * @throws UserError BACKEND_UNAVAILABLE if the named one, or none at all, can be used.
 */
export async function openBackend(name: BackendName | null): Promise<BackendTrial[]> {
  const trials: BackendTrial[] = [];
  for (const candidate of name ? [name] : BACKENDS) {
    const trial = await tryBackend(candidate);
    trials.push(trial);
    if (trial.usable) return trials;
  }
  const reasons = trials.map((trial) => `${trial.name}: ${trial.reason}`).join('; ');
  throw new UserError(
    'BACKEND_UNAVAILABLE',
    `No tensor backend can be used (${reasons}).`,
    name
      ? 'Leave out --backend to use the best one there is, or run `doctor`.'
      : 'Run `npm run setup`, then `doctor`.',
  );
}

/** The backend in use. */
export const currentBackend = (): BackendName => getBackend() as BackendName;
