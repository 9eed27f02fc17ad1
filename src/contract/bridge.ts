import type { Problem } from './problem.ts';

/** Errors lose their fields on the way between two JavaScript worlds; hence an outcome, never a rejection. */
export type BridgeReply =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problem: Problem };

/** What the preload script puts on the window as `dpruner`: all that the page can do beyond its own document. */
export interface Bridge {
  /** A request of `service-requests.ts` or `main-requests.ts`, checked by its schema in the main process. */
  request(name: string, payload: unknown): Promise<BridgeReply>;
  /** Calls back for every event of `service-events.ts` and `main-events.ts`; the returned function ends that. */
  subscribe(listener: (name: string, payload: unknown) => void): () => void;
  /** Where a dropped or chosen file lies; empty where it lies nowhere. */
  pathOfFile(file: unknown): string;
}

/**
 * Stands in the built index.html wherever a nonce goes. Whoever serves the page puts a fresh random one in its place,
 * and the same one into `style-src` of the Content-Security-Policy: the style sheets that the interface makes need it.
 */
export const CSP_NONCE_PLACEHOLDER = '__CSP_NONCE__';
