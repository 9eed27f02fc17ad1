import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { CSP_NONCE_PLACEHOLDER } from '../src/contract/bridge.ts';
import { APP_ORIGIN } from './app-origin.ts';
import type { ServedFile } from './served-files.ts';

/** A page that is made while the application runs: the report that is to be printed. */
const madePages = new Map<string, string>();

/** Serves a page without any script under an address that nobody can guess. @returns the address */
export function addMadePage(html: string): string {
  const path = `/made/${randomBytes(16).toString('hex')}.html`;
  madePages.set(path, html);
  return APP_ORIGIN + path;
}

export function removeMadePage(url: string): void {
  madePages.delete(new URL(url).pathname);
}

/** What a request for a page is answered with. */
export interface Answer {
  statusCode: number;
  headers: Record<string, string>;
  data: Buffer;
}

/** Answers a request for `app://dpruner/…` from the built interface and the made pages, and from nothing else. */
export function respond(files: ReadonlyMap<string, ServedFile>, method: string, url: string): Answer {
  const { origin, host, protocol: scheme, pathname } = new URL(url);
  const isHere = `${scheme}//${host}` === APP_ORIGIN || origin === APP_ORIGIN;
  if (method !== 'GET' || !isHere) return plain(method === 'GET' ? 404 : 405);
  const made = madePages.get(pathname);
  if (made !== undefined) return page(made, madePagePolicy, TYPE_HTML);
  const served = files.get(pathname);
  if (!served) return plain(404);
  const content = readFileSync(served.file);
  if (pathname !== '/index.html') return page(content, assetPolicy, served.type);
  const nonce = randomBytes(16).toString('base64');
  const html = content.toString('utf8').replaceAll(CSP_NONCE_PLACEHOLDER, nonce);
  return page(html, pagePolicy(nonce), served.type);
}

const TYPE_HTML = 'text/html; charset=utf-8';

/** No script but the served files, no evaluation, no connection. The interface's own style sheets bear the nonce. */
const pagePolicy = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
const assetPolicy = "default-src 'none'";
/** A report carries its styles and pictures within itself. */
const madePagePolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; sandbox";

function page(content: Buffer | string, policy: string, type: string): Answer {
  return {
    statusCode: 200,
    headers: {
      'Content-Type': type,
      'Content-Security-Policy': policy,
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-store',
    },
    data: Buffer.from(content),
  };
}

function plain(statusCode: 404 | 405): Answer {
  return {
    statusCode,
    headers: { 'Content-Type': 'text/plain', 'Content-Security-Policy': assetPolicy },
    data: Buffer.from(''),
  };
}
