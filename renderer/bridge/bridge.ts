import type { Bridge } from '../../src/contract/bridge.ts';
import type { MainReplyOf, MainRequestName, MainRequestOf } from '../../src/contract/main-requests.ts';
import type { ReplyOf, RequestName, RequestOf } from '../../src/contract/service-requests.ts';
import { Refusal } from './refusal.ts';

declare global {
  interface Window {
    readonly dpruner?: Bridge;
  }
}

function bridge(): Bridge {
  if (window.dpruner) return window.dpruner;
  throw new Refusal({
    code: 'NO_BRIDGE',
    message: 'This page is not open in the D-Pruner application.',
    fix: 'Start D-Pruner Desktop instead of opening its files in a browser.',
  });
}

async function request(name: string, payload: unknown): Promise<unknown> {
  const reply = await bridge().request(name, payload);
  if (reply.ok) return reply.value;
  throw new Refusal(reply.problem);
}

/** Asks the service; rejects with a `Refusal`. Replies are checked where they are sent. */
export const service = <Name extends RequestName>(name: Name, payload: RequestOf<Name>) =>
  request(name, payload) as Promise<ReplyOf<Name>>;

/** Asks the main process for what only a native application can do. */
export const native = <Name extends MainRequestName>(name: Name, payload: MainRequestOf<Name>) =>
  request(name, payload) as Promise<MainReplyOf<Name>>;

export const subscribe: Bridge['subscribe'] = (listener) => bridge().subscribe(listener);

export const pathOfFile = (file: File): string => bridge().pathOfFile(file);
