import type { Page } from 'playwright-core';
import type { Bridge, BridgeReply } from '../../../src/contract/bridge.ts';
import type { MainReplyOf, MainRequestName, MainRequestOf } from '../../../src/contract/main-requests.ts';
import type { Problem } from '../../../src/contract/problem.ts';
import type { ReplyOf, RequestName, RequestOf } from '../../../src/contract/service-requests.ts';

declare global {
  interface Window {
    readonly dpruner: Bridge;
  }
}

/** Asks as the page does, through the preload script's bridge. @throws when the request is refused */
export function ask<Name extends RequestName>(
  page: Page,
  name: Name,
  payload: RequestOf<Name>,
): Promise<ReplyOf<Name>>;
export function ask<Name extends MainRequestName>(
  page: Page,
  name: Name,
  payload: MainRequestOf<Name>,
): Promise<MainReplyOf<Name>>;
export async function ask(page: Page, name: string, payload: unknown): Promise<unknown> {
  const reply = await request(page, name, payload);
  if (reply.ok) return reply.value;
  throw new Error(`${name} was refused: ${reply.problem.code} ${reply.problem.message}`);
}

/** What the request is refused with. @throws when it is not */
export async function refusalOf(page: Page, name: string, payload: unknown): Promise<Problem> {
  const reply = await request(page, name, payload);
  if (!reply.ok) return reply.problem;
  throw new Error(`${name} was not refused.`);
}

export function request(page: Page, name: string, payload: unknown): Promise<BridgeReply> {
  return page.evaluate(([name, payload]) => window.dpruner.request(name, payload), [name, payload] as const);
}
