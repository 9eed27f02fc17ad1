import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ask } from './harness/ask.ts';
import { hasDesktop, requireDesktop } from './harness/desktop.ts';
import { eventually } from './harness/eventually.ts';
import {
  type Application,
  applicationEnvironment,
  launchApplication,
  projectFolder,
  sandboxArguments,
} from './harness/launch.ts';
import { commandLineOf, processTree } from './harness/process-tree.ts';

describe.skipIf(!hasDesktop)('the application', () => {
  const home = mkdtempSync(join(tmpdir(), 'dpruner-e2e-start-'));
  let application: Application | null = null;
  afterEach(async () => {
    await application?.close();
    application = null;
    rmSync(home, { recursive: true, force: true });
  });

  it('opens a window with its own page, and its service answers', async () => {
    application = await launchApplication({ home });
    expect(application.page.url()).toMatch(/^app:\/\/dpruner\/index\.html(#|$)/);
    expect(await application.page.title()).toContain('D-Pruner Desktop');
    const { dataFolder } = await ask(application.page, 'app.info', {});
    expect(dataFolder.startsWith(home)).toBe(true);
  });

  it('is there once: a second start shows the first window and ends', async () => {
    application = await launchApplication({ home });
    await application.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.minimize());
    const second = spawn(requireDesktop().executable, [...sandboxArguments(), projectFolder], {
      env: applicationEnvironment(home),
      stdio: 'ignore',
    });
    const exitCode = await new Promise((resolve) => second.once('exit', resolve));
    expect(exitCode).toBe(0);
    const windows = () =>
      application?.electron.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows().map((window) => ({
          minimized: window.isMinimized(),
          visible: window.isVisible(),
        })),
      );
    await eventually(
      windows,
      (list) => list?.length === 1 && list[0]?.visible === true && !list[0].minimized,
    );
    const services = processTree(application.electron.process().pid ?? 0)
      .map(commandLineOf)
      .filter((line) => line.endsWith('src/service/main.ts'));
    expect(services).toHaveLength(1);
  });

  it('opens its window where it was left, in the theme that was chosen', async () => {
    application = await launchApplication({ home });
    await ask(application.page, 'settings.change', { theme: 'dark' });
    const bounds = { x: 140, y: 90, width: 1040, height: 700 };
    await application.electron.evaluate(({ BrowserWindow }, bounds) => {
      BrowserWindow.getAllWindows()[0]?.setBounds(bounds);
    }, bounds);
    await application.page.waitForTimeout(200);
    await application.close();
    application = await launchApplication({ home });
    const state = await application.electron.evaluate(({ BrowserWindow, nativeTheme }) => ({
      bounds: BrowserWindow.getAllWindows()[0]?.getNormalBounds(),
      theme: nativeTheme.themeSource,
    }));
    expect(state).toEqual({ bounds, theme: 'dark' });
    const isDark = await application.page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
    expect(isDark).toBe(true);
  });

  it('leaves no process behind', async () => {
    application = await launchApplication({ home });
    await ask(application.page, 'app.info', {});
    const processes = processTree(application.electron.process().pid ?? 0);
    await application.close();
    application = null;
    await eventually(
      () => processes.map(commandLineOf).filter((line) => line !== ''),
      (left) => left.length === 0,
    );
  });
});
