import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'dpruner-run-child-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const runChild = join(import.meta.dirname, '..', '..', '..', 'scripts', 'bootstrap', 'run-child.mjs');

/** Starts a parent that runs `childSource` by runChild and exits with what it returns. */
function startParent(childSource: string): ChildProcess {
  const child = join(folder, 'child.mjs');
  const parent = join(folder, 'parent.mjs');
  writeFileSync(child, childSource);
  writeFileSync(
    parent,
    `import { runChild } from ${JSON.stringify(pathToFileURL(runChild))};
     process.exitCode = await runChild(process.execPath, [${JSON.stringify(child)}]);`,
  );
  return spawn(process.execPath, [parent], { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function firstOutput(parent: ChildProcess): Promise<string> {
  const [chunk] = await once(parent.stdout as NodeJS.ReadableStream, 'data');
  return String(chunk).trim();
}

const exitCodeOf = async (parent: ChildProcess) => (await once(parent, 'exit'))[0];

const waitForever = 'setInterval(() => {}, 1000); console.log(process.pid);';

describe.skipIf(process.platform === 'win32')('a child of bootstrap', () => {
  it('gives its output and its exit code', async () => {
    const parent = startParent("console.log('from the child'); process.exitCode = 2;");
    const exitCode = exitCodeOf(parent);
    expect(await firstOutput(parent)).toBe('from the child');
    expect(await exitCode).toBe(2);
  });

  it('gets the environment of the engine', async () => {
    const parent = startParent('console.log(process.env.TF_CPP_MIN_LOG_LEVEL);');
    expect(await firstOutput(parent)).toMatch(/^[0-3]$/);
  });

  it('gets SIGINT once and may end in its own way', async () => {
    const parent = startParent(
      `let count = 0;
       process.on('SIGINT', () => { count += 1; setTimeout(() => process.exit(40 + count), 200); }); ${waitForever}`,
    );
    await firstOutput(parent);
    parent.kill('SIGINT');
    expect(await exitCodeOf(parent)).toBe(41);
  });

  it('is reported as 130 when SIGINT ends it and as 143 when SIGTERM does', async () => {
    for (const [signal, exitCode] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const) {
      const parent = startParent(waitForever);
      await firstOutput(parent);
      parent.kill(signal);
      expect(await exitCodeOf(parent)).toBe(exitCode);
    }
  });

  it('does not outlive a parent that is killed', async () => {
    const parent = startParent(waitForever);
    const pid = Number(await firstOutput(parent));
    parent.kill('SIGKILL');
    await expect.poll(() => isRunning(pid), { timeout: 10_000 }).toBe(false);
  });

  it('keeps its own children out of that', async () => {
    const parent = startParent(`console.log(process.env.DPRUNER_ENDS_WITH_PARENT ?? 'not inherited');`);
    expect(await firstOutput(parent)).toBe('not inherited');
  });
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
