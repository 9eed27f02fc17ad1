/**
 * Provides what npm cannot: the TensorFlow library and its link to Node. Where that cannot be done it says why, leaves
 * the reason for `dpruner doctor`, and succeeds: the engine then uses its WebAssembly backend.
 */
import { statSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectCache, say } from './bootstrap/project.mjs';
import { readyKey, readyStampFile } from './bootstrap/ready-stamp.mjs';
import { cacheFolder } from './set-up/cache-folder.ts';
import { findNvidiaGpus } from './set-up/nvidia-driver.ts';
import { requireTensorflowPlatform } from './set-up/platform.ts';
import { tensorflowCudaRelease } from './set-up/tensorflow-cuda-release.ts';
import { provideTensorflowLibrary } from './set-up/tensorflow-library.ts';
import { type TensorflowRelease, tensorflowRelease } from './set-up/tensorflow-release.ts';
import { installTfjsBinding, isOnGraphicsProcessor, removeTfjsBinding } from './set-up/tfjs-binding.ts';
import { Unavailable } from './set-up/unavailable.ts';

const reasonFile = join(projectCache, 'tensorflow-unavailable.json');

// What is half done is removed by handlers of the exit.
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

await mkdir(projectCache, { recursive: true });
await rm(readyStampFile, { force: true });
const needs = await setUpTensorflow();
// Its presence says that set-up has ended, so it is written last.
await writeFile(readyStampFile, JSON.stringify({ key: readyKey(), needs: needs.map(withSize) }));

/** The files that the engine needs from now on; none when TensorFlow is not available. */
async function setUpTensorflow(): Promise<string[]> {
  try {
    requireTensorflowPlatform();
    const needs = (await onGraphicsProcessor()) ?? (await setUpRelease(tensorflowRelease));
    await rm(reasonFile, { force: true });
    return needs;
  } catch (error) {
    const { message: reason, fix } = asUnavailable(error);
    say(
      `TensorFlow is not available, so the engine will run on its slower WebAssembly backend.\n${reason}\n${fix}`,
    );
    await removeTfjsBinding();
    await writeFile(reasonFile, JSON.stringify({ reason, fix }, null, 2));
    return [];
  }
}

async function setUpRelease(release: TensorflowRelease): Promise<string[]> {
  const cache = cacheFolder();
  const library = await provideTensorflowLibrary(cache, release);
  const binding = await installTfjsBinding(cache, library);
  say(`TensorFlow is ready (${release.title}).`);
  return [binding, ...Object.keys(release.libraries).map((name) => join(library, name))];
}

/** TensorFlow on an NVIDIA graphics processor; null where there is none, or it does not work. */
async function onGraphicsProcessor(): Promise<string[] | null> {
  if (process.env.DPRUNER_CUDA === '0') return null;
  const [gpu] = await findNvidiaGpus();
  if (!gpu) return null;
  say(`There is an ${gpu.name} with driver ${gpu.driver}. With DPRUNER_CUDA=0 it is left alone.`);
  try {
    const needs = await setUpRelease(tensorflowCudaRelease);
    if (await isOnGraphicsProcessor()) return needs;
    say('TensorFlow does not compute on it (its driver may be older than 525), so the processor is used.');
  } catch (error) {
    const { message: reason, fix } = asUnavailable(error);
    say(`TensorFlow cannot be set up for it, so the processor is used.\n${reason}\n${fix}`);
  }
  return null;
}

/** A full disk or a folder that cannot be written is as good a reason as any. */
function asUnavailable(error: unknown): Unavailable {
  if (error instanceof Unavailable) return error;
  if (error instanceof Error && 'syscall' in error) {
    return new Unavailable(
      error.message,
      'Make the folder writable or set DPRUNER_CACHE to another one, and run "npm run setup".',
    );
  }
  throw error;
}

function withSize(path: string): { path: string; bytes: number } {
  return { path, bytes: statSync(path).size };
}
