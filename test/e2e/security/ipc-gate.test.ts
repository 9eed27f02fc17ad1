import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, refusalOf } from '../harness/ask.ts';
import { hasDesktop } from '../harness/desktop.ts';
import { type Application, launchApplication } from '../harness/launch.ts';

describe.skipIf(!hasDesktop)('the gate between page and main process', () => {
  let application: Application;
  beforeAll(async () => {
    application = await launchApplication();
  });
  afterAll(() => application?.close());

  it('answers what the contract knows', async () => {
    const versions = await ask(application.page, 'app.versions', {});
    expect(versions).toMatchObject({ platform: `${process.platform} ${process.arch}` });
    expect((await ask(application.page, 'app.info', {})).running).toBe(0);
  });

  it.each(['runs.everything', 'toString', '__proto__', ''])('knows no request "%s"', async (name) => {
    expect(await refusalOf(application.page, name, {})).toMatchObject({ code: 'BAD_REQUEST' });
  });

  it('keeps to itself what is for the main process alone', async () => {
    expect(await refusalOf(application.page, 'service.stop', {})).toMatchObject({ code: 'BAD_REQUEST' });
  });

  it.each([
    ['runs.get', { runId: '1; DROP TABLE runs' }],
    ['runs.get', { runId: 1, extra: true }],
    ['runs.get', null],
    ['dialog.chooseFiles', { title: 'Choose', filters: [{ name: 'any', extensions: ['*/../..'] }] }],
    ['settings.change', { theme: 'neon' }],
  ])('checks what %s is asked with: %j', async (name, payload) => {
    const { code, message } = await refusalOf(application.page, name, payload);
    expect(code).toBe('BAD_REQUEST');
    expect(message).toContain(name);
  });

  it('passes errors on as code, message and what to do', async () => {
    const problem = await refusalOf(application.page, 'runs.get', { runId: 4711 });
    expect(Object.keys(problem).sort()).toEqual(['code', 'fix', 'message']);
    expect(problem.message).toContain('4711');
  });

  it('answers only the top frame of its own window', async () => {
    // Another window with the same preload script and the same page: whoever could make one would still not be heard.
    const reply = await application.electron.evaluate(async ({ BrowserWindow, app }) => {
      const [own] = BrowserWindow.getAllWindows();
      const other = new BrowserWindow({
        show: false,
        webPreferences: { sandbox: true, preload: `${app.getAppPath()}/dist/main/preload.cjs` },
      });
      await other.loadURL(own?.webContents.getURL() ?? '');
      const reply = await other.webContents.executeJavaScript("window.dpruner.request('app.versions', {})");
      other.destroy();
      return reply;
    });
    expect(reply).toMatchObject({ ok: false, problem: { code: 'BAD_REQUEST' } });
    expect(reply.problem.message).toContain('Only the page of the application');
  });

  it('shows no file that is not there, and starts none', async () => {
    expect(await refusalOf(application.page, 'shell.showItem', { path: '/no/such/file' })).toMatchObject({
      code: 'PATH_MISSING',
    });
  });
});
