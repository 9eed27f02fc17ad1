import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasDesktop } from './harness/desktop.ts';
import { type Application, launchApplication } from './harness/launch.ts';
import { resizeWindow } from './harness/resize.ts';
import { Camera } from './screens/camera.ts';
import { testEveryScreen } from './screens/every-screen.ts';

describe.skipIf(!hasDesktop)('every screen, light and dark, small and large, fits and is accessible', () => {
  let application: Application;
  let page: Page;
  let camera: Camera;
  const complaints: string[] = [];
  beforeAll(async () => {
    application = await launchApplication();
    page = application.page;
    camera = new Camera(page, 'screens', (width, height) => resizeWindow(application, width, height));
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
});
