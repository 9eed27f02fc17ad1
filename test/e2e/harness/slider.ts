import type { Locator } from 'playwright-core';
import { eventually } from './eventually.ts';

/** A key is answered in the next picture, which a busy machine may take long to draw. */
const PATIENCE_MS = 10_000;

/** Moves a slider with the arrow keys until it stands there. @throws when a key leads no nearer */
export async function moveSlider(slider: Locator, target: number): Promise<void> {
  const position = async () => Number(await slider.inputValue());
  await slider.focus();
  for (let here = await position(); !isAt(here, target); ) {
    await slider.press(here < target ? 'ArrowRight' : 'ArrowLeft');
    const next = await eventually(position, (value) => value !== here, PATIENCE_MS);
    if (Math.abs(target - next) >= Math.abs(target - here)) throw new Error(`The slider stands at ${next}.`);
    here = next;
  }
}

const isAt = (here: number, target: number): boolean => Math.abs(here - target) < 1e-6;
