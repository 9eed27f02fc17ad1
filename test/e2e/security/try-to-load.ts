import type { Application } from '../harness/launch.ts';

export interface LoadOutcome {
  /** Of the response; null where there was none. */
  readonly status: number | null;
  /** Chromium's name for what went wrong; null when nothing did. */
  readonly error: string | null;
}

/** Has the main process itself load an address into a window of its own, past all that binds the page. */
export function tryToLoad({ electron }: Application, url: string): Promise<LoadOutcome> {
  return electron.evaluate(async ({ BrowserWindow }, url) => {
    const window = new BrowserWindow({ show: false });
    let status: number | null = null;
    window.webContents.on('did-navigate', (_event, _url, code) => {
      status = code;
    });
    try {
      await window.loadURL(url);
      return { status, error: null };
    } catch (error) {
      return { status, error: (error as { code?: string }).code ?? String(error) };
    } finally {
      window.destroy();
    }
  }, url);
}
