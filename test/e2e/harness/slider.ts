import type { Locator } from 'playwright-core';

/** Moves a slider with the arrow keys until it stands there. @throws when the next step leads no nearer */
export async function moveSlider(slider: Locator, target: number): Promise<void> {
  const position = async () => Number(await slider.inputValue());
  await slider.focus();
  for (let here = await position(); !isAt(here, target); ) {
    await slider.press(here < target ? 'ArrowRight' : 'ArrowLeft');
    const next = await position();
    if (Math.abs(target - next) >= Math.abs(target - here)) throw new Error(`The slider stands at ${next}.`);
    here = next;
  }
}

const isAt = (here: number, target: number): boolean => Math.abs(here - target) < 1e-6;
