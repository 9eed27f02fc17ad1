import type { PipedApplication } from '../../test/e2e/harness/pipe-debugger.ts';

/** From the start of the process until the first screen is drawn and can be used and the service has answered. */
export async function measureStart(launch: () => Promise<PipedApplication>): Promise<number> {
  const startedAt = Date.now();
  const application = await launch();
  try {
    await application.ask('app.info', {});
    const usableAt = await application.evaluate(`(${waitUntilUsable})()`);
    return Number(usableAt) - startedAt;
  } finally {
    await application.close();
  }
}

/** In the page. @returns when the picture with the button that starts the demo was on its way to the screen */
async function waitUntilUsable(): Promise<number> {
  const nextPicture = () =>
    new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => resolve(null))));
  const isUsable = () =>
    [...document.querySelectorAll('main button')].some(
      (button) => button.textContent === 'Run the demo' && !(button as HTMLButtonElement).disabled,
    );
  while (!isUsable()) await new Promise((resolve) => setTimeout(resolve, 5));
  await nextPicture();
  return Date.now();
}
