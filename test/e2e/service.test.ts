import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { ServiceState } from '../../src/contract/main-requests.ts';
import { ask } from './harness/ask.ts';
import { hasDesktop } from './harness/desktop.ts';
import { eventually } from './harness/eventually.ts';
import { type Application, launchApplication } from './harness/launch.ts';
import { servicePid } from './harness/own-processes.ts';

describe.skipIf(!hasDesktop)('the service behind the window', () => {
  let application: Application | null = null;
  const homes: string[] = [];
  afterEach(async () => {
    await application?.close();
    application = null;
    for (const home of homes.splice(0)) rmSync(home, { recursive: true, force: true });
  });

  it('that is killed is started again, and the page is told why', async () => {
    application = await launchApplication();
    const { page } = application;
    await ask(page, 'settings.change', { retentionDays: 77 });
    const states = page.evaluate(
      () =>
        new Promise<ServiceState[]>((resolve) => {
          const heard: ServiceState[] = [];
          window.dpruner.subscribe((name, payload) => {
            if (name !== 'service.state') return;
            heard.push(payload as ServiceState);
            if (heard.length === 2) resolve(heard);
          });
        }),
    );
    await page.waitForTimeout(100);
    process.kill(servicePid(application), 'SIGKILL');
    const [died, back] = await states;
    expect(died).toMatchObject({ state: 'starting', problem: { code: 'SERVICE_DIED' } });
    expect(died?.problem?.message).toContain('SIGKILL');
    expect(died?.problem?.fix).toContain('started again');
    expect(back).toEqual({ state: 'ready', problem: null });
    // The database is the same, and nothing was lost.
    const { settings } = await ask(page, 'settings.get', {});
    expect(settings.retentionDays).toBe(77);
  });

  it('that keeps dying is left, until the person starts it again', async () => {
    application = await launchApplication();
    const { page } = application;
    const running = application;
    const state = () => ask(page, 'service.state', {});
    for (let death = 1; death <= 3; death++) {
      await eventually(state, ({ state }) => state === 'ready');
      process.kill(servicePid(running), 'SIGKILL');
      await eventually(state, ({ problem }) => problem?.code === 'SERVICE_DIED');
    }
    expect(await state()).toMatchObject({ state: 'failed', problem: { code: 'SERVICE_DIED' } });
    await expect(ask(page, 'runs.list', {})).rejects.toThrow('SERVICE_DIED');
    await ask(page, 'service.restart', {});
    expect((await ask(page, 'runs.list', {})).total).toBe(0);
    expect(await state()).toEqual({ state: 'ready', problem: null });
  });

  it('that cannot open its database says so, touches nothing, and can be started again', async () => {
    const home = mkdtempSync(join(tmpdir(), 'dpruner-e2e-database-'));
    homes.push(home);
    const database = join(home, 'data', 'd-pruner', 'history.sqlite');
    mkdirSync(dirname(database), { recursive: true });
    writeFileSync(database, 'this is no database, but it may be all that is left of one');
    application = await launchApplication({ home });
    const { page } = application;
    const { problem } = await eventually(
      () => ask(page, 'service.state', {}),
      ({ state }) => state === 'failed',
    );
    expect(problem?.message).toContain(database);
    expect(problem?.fix).not.toBe('');
    rmSync(database);
    await ask(page, 'service.restart', {});
    expect((await ask(page, 'runs.list', {})).total).toBe(0);
  });
});
