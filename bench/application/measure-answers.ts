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
/** Together they take longer than what is measured. */
const DEMOS = 4;
const SEARCHED = 'legal texts of the year';

/** From each input to the next picture, while demos run on every core. @throws when the last one ended before */
export async function measureAnswers(application: PipedApplication): Promise<Measured[]> {
  const lastRun = await startDemos(application);
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
  const { summary } = (await application.ask('runs.get', { runId: lastRun })) as RunDetail;
  if (summary.status !== 'running' && summary.status !== 'queued') {
    throw new Error(
      `The last run is ${summary.status}: ${summary.problem?.message ?? 'nothing was measured'}`,
    );
  }
  return [
    { what: 'a click, under load', milliseconds: [...clicks.values()].flat() },
    ...[...clicks].map(([screen, milliseconds]) => ({ what: `… that opens ${screen}`, milliseconds })),
    { what: 'a key in the search field, under load', milliseconds: keys },
    { what: 'a step of a slider, under load', milliseconds: slides },
  ];
}

/** @returns the last of some runs after one another, when the first one's worker is at work */
async function startDemos(application: PipedApplication): Promise<number> {
  const ids: number[] = [];
  for (let started = 0; started < DEMOS; started++) {
    const request = (await application.ask('runs.demoRequest', {})) as RunRequest;
    const { id } = (await application.ask('runs.start', {
      ...request,
      settings: { ...request.settings, criterion: 'balanced', samples: 220, openSamples: 230 },
    })) as RunSummary;
    ids.push(id);
  }
  await eventually(
    () => application.ask('runs.get', { runId: ids[0] }) as Promise<RunDetail>,
    ({ summary }) => summary.status === 'running',
    60_000,
  );
  await sleep(WARM_UP_MS);
  return ids[DEMOS - 1];
}
