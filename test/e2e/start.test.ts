import { describe, expect, it } from 'vitest';
import { hasDesktop } from './harness/desktop.ts';
import { launchApplication } from './harness/launch.ts';

describe.skipIf(!hasDesktop)('the application', () => {
  it('opens a window with its own page', async () => {
    const application = await launchApplication();
    expect(application.page.url()).toBe('app://dpruner/index.html');
    expect(await application.page.title()).toContain('D-Pruner');
    await application.close();
  });
});
