import { setTimeout as sleep } from 'node:timers/promises';
import type { RunDetail, RunSummary } from '../../src/contract/run.ts';
import type { RunRequest } from '../../src/contract/run-request.ts';
import { eventually } from '../../test/e2e/harness/eventually.ts';
import type { PipedApplication } from '../../test/e2e/harness/pipe-debugger.ts';
import { clickText, pressKey, watchAnswers } from './inputs.ts';
import type { Measured } from './spread.ts';

const SCREENS = ['Runs', 'Models & data', 'Settings', 'New run', 'About', 'Audit trail', 'Home'];
const ROUNDS = 5;
/** By then the worker has loaded its libraries and computes. */
const WARM_UP_MS = 4000;
const SEARCHED = 'legal texts of the year';

/** From each input to the next picture, while the demo runs on every core. @throws when the run ended before */
export async function measureAnswers(application: PipedApplication): Promise<Measured[]> {
  const runId = await startLongDemo(application);
  const answerTo = await watchAnswers(application);
  const clicks = new Map<string, number[]>(SCREENS.map((screen) => [screen, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const screen of SCREENS) {
      clicks.get(screen)?.push(await answerTo(() => clickText(application, 'nav a', screen)));
    }
  }
  await clickText(application, 'nav a', 'Runs');
  await sleep(500);
  await application.evaluate("document.querySelector('main input').focus()");
  const keys: number[] = [];
  for (const letter of SEARCHED) keys.push(await answerTo(() => pressKey(application, letter)));
  await clickText(application, 'nav a', 'New run');
  await sleep(500);
  await application.evaluate("window.location.hash = '/new/domain'");
  await sleep(1000);
  await application.evaluate("document.querySelector('main input[type=range]').focus()");
  const slides: number[] = [];
  for (let step = 0; step < 20; step++) {
    slides.push(await answerTo(() => pressKey(application, step % 5 === 4 ? 'ArrowLeft' : 'ArrowRight')));
  }
  const { summary } = (await application.ask('runs.get', { runId })) as RunDetail;
  if (summary.status !== 'running') {
    throw new Error(`The run is ${summary.status}: ${summary.problem?.message ?? 'nothing was measured'}`);
  }
  return [
    { what: 'a click, under load', milliseconds: [...clicks.values()].flat() },
    ...[...clicks].map(([screen, milliseconds]) => ({ what: `… that opens ${screen}`, milliseconds })),
    { what: 'a key in the search field, under load', milliseconds: keys },
    { what: 'a step of a slider, under load', milliseconds: slides },
  ];
}

/** @returns the run, when its worker is at work */
async function startLongDemo(application: PipedApplication): Promise<number> {
  const request = (await application.ask('runs.demoRequest', {})) as RunRequest;
  const { id } = (await application.ask('runs.start', {
    ...request,
    settings: { ...request.settings, criterion: 'balanced', samples: 220, openSamples: 230 },
  })) as RunSummary;
  await eventually(
    () => application.ask('runs.get', { runId: id }) as Promise<RunDetail>,
    ({ summary }) => summary.status === 'running',
    60_000,
  );
  await sleep(WARM_UP_MS);
  return id;
}
