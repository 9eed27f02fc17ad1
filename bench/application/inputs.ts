import { setTimeout as sleep } from 'node:timers/promises';
import type { PipedApplication } from '../../test/e2e/harness/pipe-debugger.ts';

/** Event timing tells of answers from here on; what is faster counts as this. In steps of 8 ms. */
const SHORTEST_MS = 16;
/** By then an answer to an input has been drawn, and the next input does not meet its work. */
const SETTLE_MS = 350;

declare global {
  interface Window {
    answers: PerformanceEventTiming[];
  }
}

/** @returns a function that gives an input and says how long it took until the next picture */
export async function watchAnswers(application: PipedApplication) {
  await application.evaluate(`(${observe})(${SHORTEST_MS})`);
  return async (give: () => Promise<void>): Promise<number> => {
    await application.evaluate('void (window.answers = [])');
    await give();
    await sleep(SETTLE_MS);
    const durations = (await application.evaluate(
      'window.answers.map(({ duration }) => duration)',
    )) as number[];
    return Math.max(SHORTEST_MS, ...durations);
  };
}

/** In the page: event timing, the browser's own measure from an input to the next picture. */
function observe(durationThreshold: number): void {
  window.answers = [];
  const observer = new PerformanceObserver((list) => {
    window.answers.push(...(list.getEntries() as PerformanceEventTiming[]));
  });
  observer.observe({ type: 'event', durationThreshold } as PerformanceObserverInit);
}

export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Clicks on the first element that is selected and reads so, as a mouse does. */
export async function clickText(
  application: PipedApplication,
  selector: string,
  text: string,
): Promise<void> {
  const place = (await application.evaluate(
    `(${middleOf})(${JSON.stringify(selector)}, ${JSON.stringify(text)})`,
  )) as Place;
  const mouse = { ...place, button: 'left', clickCount: 1 };
  await application.send('Input.dispatchMouseEvent', { type: 'mousePressed', ...mouse });
  await application.send('Input.dispatchMouseEvent', { type: 'mouseReleased', ...mouse });
}

/** In the page. */
export function middleOf(selector: string, text: string): Place {
  const element = [...document.querySelectorAll(selector)].find((one) => one.textContent?.startsWith(text));
  if (!element) throw new Error(`Nothing reads ${text}.`);
  const { left, top, width, height } = element.getBoundingClientRect();
  return { x: left + width / 2, y: top + height / 2 };
}

/** A letter, or a key by its name. */
export async function pressKey(application: PipedApplication, key: string): Promise<void> {
  const text = key.length === 1 ? { text: key } : { code: key, windowsVirtualKeyCode: arrowCodes[key] };
  await application.send('Input.dispatchKeyEvent', { type: 'keyDown', key, ...text });
  await application.send('Input.dispatchKeyEvent', { type: 'keyUp', key, ...text });
}

const arrowCodes: Readonly<Record<string, number>> = { ArrowLeft: 37, ArrowRight: 39 };
