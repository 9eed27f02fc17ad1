import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ServiceProcess } from '../service/service-process.ts';
import { bridgeToService } from './chromium/bridge-to-service.ts';
import { serveInterface } from './chromium/serve-interface.ts';
import { sandboxArguments } from './harness/environment.ts';
import { Camera } from './screens/camera.ts';
import { testEveryScreen } from './screens/every-screen.ts';

const executable = inject('chromium');

/** The Electron that the other tests run on may be an old one; browsers move on, and so does the one in the next Electron. */
describe.skipIf(executable === null)('the interface in a current Chromium, over a real service', () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'dpruner-e2e-chromium-'));
  const complaints: string[] = [];
  const ends: (() => unknown)[] = [() => rmSync(dataFolder, { recursive: true, force: true })];
  let browser: Browser;
  let page: Page;
  let camera: Camera;

  beforeAll(async () => {
    const served = await serveInterface();
    ends.unshift(() => served.close());
    const service = new ServiceProcess(dataFolder);
    ends.unshift(() => service.stop());
    await service.ready;
    browser = await chromium.launch({ executablePath: executable ?? '', args: sandboxArguments() });
    ends.unshift(() => browser.close());
    // Playwright would have the page believe that the system is light.
    page = await browser.newPage({ colorScheme: null });
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('request', (request) => {
      if (!request.url().startsWith(new URL(served.url).origin))
        complaints.push(`asked for ${request.url()}`);
    });
    await bridgeToService(page, service);
    camera = new Camera(page, 'chromium', (width, height) => page.setViewportSize({ width, height }));
    await page.goto(served.url);
  });
  afterAll(async () => {
    for (const end of ends) await end();
  });

  it('is newer than the oldest that the interface is built for', () => {
    expect(Number(browser.version().split('.')[0])).toBeGreaterThan(108);
  });

  testEveryScreen(
    () => page,
    () => camera,
  );

  it('has complained of nothing in all that time, broken no rule of its policy, and asked nobody else', () => {
    expect(complaints).toEqual([]);
  });
});
