import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasDesktop } from '../harness/desktop.ts';
import { type Application, launchApplication } from '../harness/launch.ts';
import { processTree } from '../harness/process-tree.ts';
import { openSockets } from './open-sockets.ts';

const START_PAGE = 'app://dpruner/index.html';

describe.skipIf(!hasDesktop)('the page', () => {
  let application: Application;
  beforeAll(async () => {
    application = await launchApplication();
  });
  afterAll(() => application?.close());

  it('is isolated and sandboxed, without Node and without webviews', async () => {
    const preferences = await application.electron.evaluate(({ webContents }) =>
      webContents.getAllWebContents().map((contents) => {
        // An undocumented function of Electron for exactly this.
        const { getLastWebPreferences } = contents as unknown as { getLastWebPreferences?(): object };
        return getLastWebPreferences?.call(contents);
      }),
    );
    expect(preferences).toHaveLength(1);
    expect(preferences[0]).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      webSecurity: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
    });
    const globals = await application.page.evaluate(() =>
      ['require', 'process', 'module', 'Buffer', 'global', 'electron', '__dirname'].filter(
        (name) => name in window,
      ),
    );
    expect(globals).toEqual([]);
  });

  it('gets three functions by name from the preload script, and no more', async () => {
    const bridge = await application.page.evaluate(() =>
      Object.entries(window.dpruner).map(([name, value]) => `${name}: ${typeof value}`),
    );
    expect(bridge.sort()).toEqual(['pathOfFile: function', 'request: function', 'subscribe: function']);
    const overwritten = await application.page.evaluate(() => {
      try {
        Object.assign(window.dpruner, { request: () => 'mine' });
        Object.defineProperty(window, 'dpruner', { value: {} });
      } catch {
        // Refused, as it should be.
      }
      return Object.keys(window.dpruner).length;
    });
    expect(overwritten).toBe(3);
  });

  it('hears events without what Electron says of them', async () => {
    const heard = application.page.evaluate(
      () =>
        new Promise<unknown[]>((resolve) => {
          window.dpruner.subscribe((...content: unknown[]) => {
            if (content[0] === 'menu.open') resolve(content);
          });
        }),
    );
    await application.page.waitForTimeout(200);
    await application.electron.evaluate(({ Menu }) =>
      Menu.getApplicationMenu()
        ?.items.flatMap((item) => item.submenu?.items ?? [])
        .find((item) => item.label.includes('History'))
        ?.click(),
    );
    expect(await heard).toEqual(['menu.open', { screen: 'history' }]);
  });

  it('is denied every permission', async () => {
    const outcome = await application.page.evaluate(async () => {
      const states = await Promise.all(
        ['notifications', 'geolocation', 'camera', 'microphone', 'clipboard-read', 'midi'].map(
          async (name) => (await navigator.permissions.query({ name: name as PermissionName })).state,
        ),
      );
      const media = await navigator.mediaDevices.getUserMedia({ audio: true }).catch((error) => error.name);
      const screen = await navigator.mediaDevices.getDisplayMedia().catch((error) => error.name);
      const position = await new Promise((resolve) =>
        navigator.geolocation.getCurrentPosition(
          () => resolve('known'),
          ({ code }) => resolve(code),
        ),
      );
      return { states, media, screen, position, notification: await Notification.requestPermission() };
    });
    expect(new Set(outcome.states)).toEqual(new Set(['denied']));
    expect(outcome.media).toMatch(/NotAllowedError|NotFoundError/);
    expect(outcome.screen).toMatch(/NotAllowedError|NotSupportedError|InvalidStateError|AbortError/);
    expect(outcome.position).toBe(1); // PERMISSION_DENIED
    expect(outcome.notification).toBe('denied');
  });

  it.each([
    'https://example.com/',
    'file:///etc/passwd',
    'data:text/html,elsewhere',
    'app://dpruner/other.html',
  ])('does not go to %s', async (url) => {
    await application.page.evaluate((url) => {
      location.href = url;
    }, url);
    await application.page.waitForTimeout(300);
    expect(withoutFragment(application.page.url())).toBe(START_PAGE);
  });

  it('opens no window, holds no frame, attaches no webview and downloads nothing', async () => {
    const opened = await application.page.evaluate(() => window.open('app://dpruner/index.html') === null);
    expect(opened).toBe(true);
    await application.page.evaluate(() => {
      const frame = document.createElement('iframe');
      frame.src = 'app://dpruner/index.html';
      const webview = document.createElement('webview');
      webview.setAttribute('src', 'app://dpruner/index.html');
      const link = document.createElement('a');
      link.href = 'app://dpruner/index.html';
      link.download = 'index.html';
      document.body.append(frame, webview, link);
      link.click();
    });
    await application.page.waitForTimeout(500);
    const contents = await application.electron.evaluate(({ webContents }) =>
      webContents.getAllWebContents().map((one) => one.getURL()),
    );
    expect(contents.map(withoutFragment)).toEqual([START_PAGE]);
    expect(application.electron.windows()).toHaveLength(1);
    const frames = application.page.frames().filter((frame) => frame !== application.page.mainFrame());
    for (const frame of frames) expect(withoutFragment(frame.url())).not.toBe(START_PAGE);
    await application.page.reload();
  });

  it('is not checked for spelling, for which dictionaries would be downloaded', async () => {
    const isEnabled = await application.electron.evaluate(({ session }) =>
      session.defaultSession.isSpellCheckerEnabled(),
    );
    expect(isEnabled).toBe(false);
  });

  it('and all processes behind it hold no connection to anywhere', async () => {
    const processes = processTree(application.electron.process().pid ?? 0);
    expect(processes.length).toBeGreaterThan(3);
    // This test's own debugger is on the loopback interface; there is nothing else.
    const sockets = openSockets(processes).filter(({ local }) => !local.startsWith('127.0.0.1:'));
    expect(sockets).toEqual([]);
  });
});

/** What follows the # is the page's own affair: the screen that it shows. */
function withoutFragment(url: string): string {
  return url.split('#', 1)[0] ?? '';
}
