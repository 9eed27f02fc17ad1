import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasDesktop } from './harness/desktop.ts';
import { type Application, launchApplication } from './harness/launch.ts';
import { Camera } from './screens/camera.ts';
import { testEveryScreen } from './screens/every-screen.ts';

/** Pictures of every screen lie in test-results/screens afterwards, to be looked at. */
describe.skipIf(!hasDesktop)('every screen, light and dark, small and large, fits and is accessible', () => {
  let application: Application;
  let page: Page;
  let camera: Camera;
  const complaints: string[] = [];
  beforeAll(async () => {
    application = await launchApplication();
    page = application.page;
    camera = new Camera(page, 'screens', resizeWindow);
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
  });
  afterAll(() => application?.close());

  testEveryScreen(
    () => page,
    () => camera,
  );

  it('has complained of nothing in all that time', () => {
    expect(complaints).toEqual([]);
  });

  async function resizeWindow(width: number, height: number): Promise<void> {
    await application.electron.evaluate(
      ({ BrowserWindow }, [width, height]) =>
        BrowserWindow.getAllWindows()[0]?.setContentBounds({ x: 10, y: 10, width, height }),
      [width, height] as const,
    );
  }
});
