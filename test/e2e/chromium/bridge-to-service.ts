import type { Page } from 'playwright-core';
import type { Bridge, BridgeReply } from '../../../src/contract/bridge.ts';
import { UserError } from '../../../src/contract/error.ts';
import {
  isMainRequestName,
  type MainReplyOf,
  type MainRequestName,
} from '../../../src/contract/main-requests.ts';
import { serviceMessage } from '../../../src/contract/service-message.ts';
import type { ServiceProcess } from '../../service/service-process.ts';

declare global {
  interface Window {
    /** Made by Playwright: out of the page, into the test. */
    readonly askTest: Bridge['request'];
    readonly hearTest: (name: string, payload: unknown) => void;
  }
}

/** Gives the page the bridge that the application's preload script would, over the channel of a real service. */
export async function bridgeToService(page: Page, service: ServiceProcess): Promise<void> {
  await page.exposeFunction('askTest', (name: string, payload: unknown) => answer(service, name, payload));
  await page.addInitScript(installBridge);
  service.child.on('message', (raw) => {
    const message = serviceMessage.parse(raw);
    if (message.kind !== 'event' || page.isClosed()) return;
    // A page that is being closed hears no more.
    void page
      .evaluate(([name, payload]) => window.hearTest(name, payload), [message.name, message.payload] as const)
      .catch(() => {});
  });
}

/** In the page. */
function installBridge(): void {
  const listeners = new Set<(name: string, payload: unknown) => void>();
  const bridge: Bridge = {
    request: (name, payload) => window.askTest(name, payload),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    pathOfFile: () => '',
  };
  const hear = (name: string, payload: unknown) => {
    for (const listener of listeners) listener(name, payload);
  };
  Object.assign(window, { dpruner: bridge, hearTest: hear });
}

async function answer(service: ServiceProcess, name: string, payload: unknown): Promise<BridgeReply> {
  try {
    return { ok: true, value: isMainRequestName(name) ? asMain(name) : await service.ask(name, payload) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { ok: false, problem: { code: error.code, message: error.message, fix: error.fix } };
  }
}

/** There is nothing native in a browser: every dialog is closed without a choice. */
function asMain(name: MainRequestName): unknown {
  const answers: { readonly [Name in MainRequestName]?: MainReplyOf<Name> } = {
    'dialog.chooseFolder': { path: null },
    'dialog.chooseFiles': { paths: [] },
    'dialog.chooseSaveFile': { path: null },
    'app.versions': { app: '0.1.0', electron: '', chromium: '', platform: 'a browser', notices: '' },
    'service.state': { state: 'ready', problem: null },
  };
  if (answers[name]) return answers[name];
  throw new UserError('NOT_NATIVE', `A browser has no ${name}.`, 'Use the application.');
}
