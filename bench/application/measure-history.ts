import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openHistory } from '../../src/history/open-history.ts';
import type { PipedApplication } from '../../test/e2e/harness/pipe-debugger.ts';
import { addManyRuns } from '../../test/history/many-runs.ts';
import { clickText, middleOf, type Place } from './inputs.ts';
import type { Measured } from './spread.ts';

/** Words to search for, one after the other, and how many of the 10,000 runs have them. */
const SEARCHES = [
  ['mistral 99', 93],
  ['ward 123', 20],
  ['llama 77', 91],
  ['smollm2 500', 8],
] as const;
const PAGES = 6;
const WHEEL_TURNS = 60;
const WHEEL_PIXELS = 100;
const WHEEL_EVERY_MS = 16;

/** Puts 10,000 runs into the history that an application with this home will open. */
export async function fillHistory(home: string): Promise<void> {
  const data = join(home, 'data', 'd-pruner');
  const history = openHistory({ file: join(data, 'history.sqlite'), backupFolder: join(data, 'backups') });
  await addManyRuns(history, 10_000);
  history.close();
}

/** From a search or a turned page to its rows, and from frame to frame while the rows are scrolled. */
export async function measureHistory(application: PipedApplication): Promise<Measured[]> {
  await clickText(application, 'nav a', 'Runs');
  await answered(application, 'main [role=status]', '10,000');
  const pages: number[] = [];
  for (let page = 1; page <= PAGES; page++) {
    const before = Date.now();
    await application.evaluate(`document.querySelector('[aria-label="Go to next page"]').click()`);
    pages.push((await answered(application, '[role=row] a', `Ward ${9999 - 50 * page}`)) - before);
  }
  const frames = await framesOfScrolling(application);
  const searches: number[] = [];
  for (const [words, found] of SEARCHES) {
    await application.evaluate("document.querySelector('main input').select()");
    const before = Date.now();
    await application.send('Input.insertText', { text: words });
    searches.push((await answered(application, 'main [role=status]', String(found))) - before);
  }
  return [
    { what: '10,000 runs: the next page', milliseconds: pages },
    { what: '10,000 runs: a search, 150 ms of waiting in it', milliseconds: searches },
    { what: '10,000 runs: a frame while scrolling', milliseconds: frames },
  ];
}

/** @returns when the first element that is selected began to read so */
async function answered(application: PipedApplication, selector: string, text: string): Promise<number> {
  const expression = `(${waitForText})(${JSON.stringify(selector)}, ${JSON.stringify(text)})`;
  return Number(await application.evaluate(expression));
}

/** In the page. */
async function waitForText(selector: string, text: string): Promise<number> {
  const reads = () =>
    [...document.querySelectorAll(selector)].some((one) => one.textContent?.startsWith(text));
  while (!reads()) await new Promise((resolve) => setTimeout(resolve, 2));
  return Date.now();
}

async function framesOfScrolling(application: PipedApplication): Promise<number[]> {
  const place = (await application.evaluate(`(${middleOf})('[role=row] a', 'Ward')`)) as Place;
  const forMs = WHEEL_TURNS * WHEEL_EVERY_MS;
  const frames = application.evaluate(`(${watchFrames})(${forMs})`);
  for (let turn = 0; turn < WHEEL_TURNS; turn++) {
    const deltaY = turn < WHEEL_TURNS / 2 ? WHEEL_PIXELS : -WHEEL_PIXELS;
    await application.send('Input.dispatchMouseEvent', { type: 'mouseWheel', ...place, deltaX: 0, deltaY });
    await sleep(WHEEL_EVERY_MS);
  }
  return (await frames) as number[];
}

/** In the page. */
function watchFrames(forMs: number): Promise<number[]> {
  return new Promise((resolve) => {
    const frames: number[] = [];
    let last = performance.now();
    const end = last + forMs;
    const take = (now: number) => {
      frames.push(Math.max(0, now - last));
      last = now;
      if (now < end) requestAnimationFrame(take);
      else resolve(frames);
    };
    requestAnimationFrame(take);
  });
}
