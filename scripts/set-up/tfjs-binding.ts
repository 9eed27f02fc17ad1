import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { projectFolder, say } from '../bootstrap/project.mjs';
import { lastLines, runCommand } from './command.ts';
import { placeFolder } from './place-folder.ts';
import { sha256 } from './sha256.ts';
import { Unavailable } from './unavailable.ts';

const tfjsNode = join(projectFolder, 'node_modules', '@tensorflow', 'tfjs-node-gpu');
/** The engine's own operations, which register themselves with TensorFlow when the binding is loaded. */
const kernels = join(projectFolder, 'src', 'engine', 'tensor', 'native');
const flags = [
  ...['-O3', '-std=c++17', '-fPIC', '-shared', '-w'],
  // Fused multiply-add where the processor has it; no reordering of sums, no shortcuts with NaN.
  ...['-ffp-contract=fast', '-fno-math-errno', '-fno-trapping-math'],
  ...['-DNAPI_VERSION=8', '-DBUILDING_NODE_EXTENSION'],
];
/** Where tfjs-node looks for its native part. */
const installedBinding = join(tfjsNode, 'lib', 'napi-v8', 'tfjs_binding.node');

/**
 * Compiles the native part of tfjs-node against the given TensorFlow, or takes it from the cache, and installs it.
 *
 * @returns the path of the installed binding
 * @throws Unavailable without a compiler, or when the result does not load on this machine
 */
export async function installTfjsBinding(cache: string, tensorflow: string): Promise<string> {
  if (!existsSync(join(tfjsNode, 'binding'))) {
    throw new Unavailable(
      'The package @tensorflow/tfjs-node-gpu is not installed.',
      'Delete node_modules and run "npm run setup"; npm leaves this package out when it cannot be installed.',
    );
  }
  const folder = join(cache, `tfjs-binding-${await compilationKey(tensorflow)}`);
  const cached = join(folder, 'tfjs_binding.node');
  const checksum = join(folder, 'tfjs_binding.sha256');
  if (existsSync(folder) && (await sha256(cached)) !== (await readFile(checksum, 'utf8').catch(() => ''))) {
    say(`${cached} is damaged: it is compiled again.`);
    await rm(folder, { recursive: true, force: true });
  }
  if (!existsSync(folder)) {
    await placeFolder(folder, async (temporary) => {
      const binding = join(temporary, 'tfjs_binding.node');
      await compile(binding, tensorflow);
      await checkThatItLoads(binding);
      await writeFile(join(temporary, 'tfjs_binding.sha256'), (await sha256(binding)) ?? '');
    });
  }
  await install(cached);
  await checkThatItLoads(installedBinding);
  return installedBinding;
}

/** Changes with the sources, the way they are compiled, Node and the place of the library (the binding's run path). */
async function compilationKey(tensorflow: string): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([process.version, flags, tensorflow]));
  for (const folder of [join(tfjsNode, 'binding'), kernels]) {
    for (const name of (await readdir(folder)).sort()) hash.update(await readFile(join(folder, name)));
  }
  return hash.digest('hex').slice(0, 16);
}

async function compile(output: string, tensorflow: string): Promise<void> {
  if ((await runCommand('g++', ['--version'])).exitCode !== 0) {
    throw new Unavailable(
      'There is no C++ compiler (g++), which compiles the link between Node and TensorFlow.',
      'Install it (on Debian and Ubuntu: sudo apt-get install g++) and run "npm run setup".',
    );
  }
  say('Compiling the link between Node and TensorFlow (once) …');
  const kernelSources = (await readdir(kernels)).filter((name) => name.endsWith('.cc')).sort();
  const nodeHeaders = join(dirname(dirname(process.execPath)), 'include', 'node');
  const result = await runCommand('g++', [
    ...flags,
    ...[`-I${nodeHeaders}`, `-I${join(tensorflow, 'include')}`, `-I${tfjsNode}`],
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((source) => join(tfjsNode, 'binding', source)),
    ...kernelSources.map((source) => join(kernels, source)),
    ...[
      '-o',
      output,
      `-L${tensorflow}`,
      '-ltensorflow',
      '-ltensorflow_framework',
      `-Wl,-rpath,${tensorflow}`,
    ],
  ]);
  if (result.exitCode === 0) return;
  throw new Unavailable(
    `g++ could not compile tfjs-node's binding:\n${lastLines(result.output, 6)}`,
    `If a file in ${tensorflow} is missing, delete that folder; then run "npm run setup".`,
  );
}

/** So that the engine does not try a binding whose library is gone. */
export async function removeTfjsBinding(): Promise<void> {
  await rm(installedBinding, { force: true });
}

/** In a process of its own: an instruction that the CPU lacks would end ours. */
async function checkThatItLoads(binding: string): Promise<void> {
  const { exitCode, output } = await runCommand(process.execPath, [
    '-p',
    `process.dlopen({ exports: {} }, ${JSON.stringify(binding)})`,
  ]);
  if (exitCode === 0) return;
  const line = output.split('\n').find((text) => text.startsWith('Error: ')) ?? `exit code ${exitCode}`;
  throw new Unavailable(
    `The TensorFlow library does not load on this machine: ${line}`,
    'The system may be older than the library asks for (glibc 2.27, a CPU with AVX); the slower backend is used here.',
  );
}

/** Whether the installed binding computes on a graphics processor. In a process of its own, as it starts the driver. */
export async function isOnGraphicsProcessor(): Promise<boolean> {
  const { exitCode, output } = await runCommand(process.execPath, [
    '-p',
    `const module = { exports: {} }; process.dlopen(module, ${JSON.stringify(installedBinding)}); module.exports.isUsingGpuDevice()`,
  ]);
  return exitCode === 0 && output.trimEnd().endsWith('true');
}

/** By rename: another process may have the old file open. */
async function install(cached: string): Promise<void> {
  await mkdir(dirname(installedBinding), { recursive: true });
  const temporary = `${installedBinding}.${process.pid}`;
  await copyFile(cached, temporary);
  await rename(temporary, installedBinding);
}
