import { spawn } from 'node:child_process';
import { projectFolder, say } from '../bootstrap/project.mjs';
import type { Runtime } from './runtime.ts';

/** Lines that Chromium writes on every system without a message bus or a graphics card; they say nothing about us. */
const NOISE =
  /ERROR:(bus|object_proxy|viz_main_impl|gpu_memory_buffer|gl_surface|command_buffer|zygote|angle)/;

/** Runs the built application until it ends. @returns its exit code */
export function openApplication(runtime: Runtime, electronArguments: readonly string[]): Promise<number> {
  const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
  if (isRoot) say('Electron runs its sandbox for no root user: it is off in this session.');
  const sandbox = isRoot ? ['--no-sandbox'] : [];
  const child = spawn(runtime.executable, [...sandbox, ...electronArguments, projectFolder], {
    stdio: ['inherit', 'inherit', 'pipe'],
    env: { ...process.env, DPRUNER_NODE: process.execPath },
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    const lines = text.split('\n').filter((line) => line !== '' && !NOISE.test(line));
    for (const line of lines) process.stderr.write(`${line}\n`);
  });
  // It pauses what is at work and then quits.
  const end = () => child.kill('SIGTERM');
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  process.once('exit', end);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
