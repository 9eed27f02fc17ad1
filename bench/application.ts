/**
 * How fast the desktop application is where a person waits for it, in the real window: from its start until it can be
 * used, from an input to the picture that answers it while a run has every core, and in a history of 10,000 runs. On
 * Linux without a display it makes one of its own (Xvfb).
 *
 *   node bench/application.ts [--starts 5]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildDesktop } from '../scripts/electron/build-desktop.ts';
import { hasDisplay } from '../scripts/electron/display.ts';
import { provideRuntime } from '../scripts/electron/runtime.ts';
import { requireLibraries, requireVirtualDisplay } from '../scripts/electron/system-packages.ts';
import { environmentIn } from '../test/e2e/harness/environment.ts';
import { PipedApplication } from '../test/e2e/harness/pipe-debugger.ts';
import { startVirtualDisplay } from '../test/e2e/harness/virtual-display.ts';
import { measureAnswers } from './application/measure-answers.ts';
import { fillHistory, measureHistory } from './application/measure-history.ts';
import { measureStart } from './application/measure-start.ts';
import { describeSpread, type Measured } from './application/spread.ts';

const { values } = parseArgs({ options: { starts: { type: 'string', default: '5' } } });
const starts = Array.from({ length: Number(values.starts) }, (_, index) => index);

const LABEL_WIDTH = 48;

const runtime = await provideRuntime();
await requireLibraries(runtime);
await buildDesktop();
const virtual = hasDisplay() ? null : await openVirtualDisplay();
const launch = (home: string) =>
  PipedApplication.start(
    [runtime.executable, ...PipedApplication.arguments],
    environmentIn(home, virtual?.display ?? ''),
  );

console.log(`Electron ${runtime.version}, ${virtual ? 'a virtual display' : 'the display'}`);
try {
  const first: number[] = [];
  const later: number[] = [];
  for (const _ of starts) {
    await inNewHome(async (home) => {
      first.push(await measureStart(() => launch(home)));
      later.push(await measureStart(() => launch(home)));
    });
  }
  print([
    { what: 'first start, until it can be used', milliseconds: first },
    { what: 'later start, until it can be used', milliseconds: later },
  ]);
  await inNewHome(async (home) => print(await measureIn(home, measureAnswers)));
  await inNewHome(async (home) => {
    await fillHistory(home);
    print(await measureIn(home, measureHistory));
  });
} finally {
  virtual?.close();
}

async function measureIn(
  home: string,
  measure: (application: PipedApplication) => Promise<Measured[]>,
): Promise<Measured[]> {
  const application = await launch(home);
  try {
    return await measure(application);
  } finally {
    await application.close();
  }
}

function print(figures: readonly Measured[]): void {
  for (const { what, milliseconds } of figures) {
    console.log(`${what.padEnd(LABEL_WIDTH)}${describeSpread(milliseconds)}`);
  }
}

async function openVirtualDisplay() {
  await requireVirtualDisplay();
  return startVirtualDisplay();
}

async function inNewHome(work: (home: string) => Promise<void>): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'dpruner-bench-'));
  try {
    await work(home);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
