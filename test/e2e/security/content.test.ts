import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pathToFileURL } from 'node:url';
import type { Response } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasDesktop } from '../harness/desktop.ts';
import { type Application, launchApplication, projectFolder } from '../harness/launch.ts';
import { tryToLoad } from './try-to-load.ts';

describe.skipIf(!hasDesktop)('what is shown', () => {
  let application: Application;
  let startPage: Response;
  beforeAll(async () => {
    application = await launchApplication();
    const isDocument = (response: Response) => response.url() === 'app://dpruner/index.html';
    [startPage] = await Promise.all([
      application.page.waitForEvent('response', isDocument),
      application.page.reload(),
    ]);
  });
  afterAll(() => application?.close());

  it('is the page of the application, under a strict policy that comes as a header', async () => {
    const policy = (await startPage.headerValue('content-security-policy')) ?? '';
    const directives = new Map(policy.split('; ').map((one) => [one.split(' ', 1)[0], one]));
    expect(directives.get('default-src')).toBe("default-src 'none'");
    expect(directives.get('script-src')).toBe("script-src 'self'");
    expect(directives.get('connect-src')).toBe("connect-src 'none'");
    expect(directives.get('style-src')).toMatch(/^style-src 'self' 'nonce-[\w+/]{22}=='$/);
    expect(policy).not.toMatch(/unsafe-(inline|eval|hashes)|wasm/);
    expect(await startPage.headerValue('x-content-type-options')).toBe('nosniff');
  });

  it('bears another nonce each time', async () => {
    const nonce = () =>
      application.page.evaluate(
        () => document.querySelector<HTMLElement>('meta[property="csp-nonce"]')?.nonce ?? '',
      );
    const first = await nonce();
    await application.page.reload();
    const second = await nonce();
    expect(first).toMatch(/^[\w+/]{22}==$/);
    expect(second).not.toBe(first);
  });

  it('runs no script but its own files: neither inline nor evaluated nor from elsewhere', async () => {
    const outcome = await application.page.evaluate(async () => {
      const blocked: string[] = [];
      document.addEventListener('securitypolicyviolation', (event) => blocked.push(event.blockedURI));
      const add = (change: (script: HTMLScriptElement) => void) => {
        const script = document.createElement('script');
        change(script);
        document.body.append(script);
      };
      add((script) => {
        script.textContent = 'window.inlineHasRun = true';
      });
      add((script) => {
        script.src = 'data:text/javascript,window.inlineHasRun = true';
      });
      add((script) => {
        script.src = 'https://example.com/script.js';
      });
      // Outside of the debugger's own call, which the policy does not bind.
      const evaluated = await new Promise<string>((resolve) =>
        setTimeout(() => {
          try {
            // biome-ignore lint/security/noGlobalEval: it is what must not work
            resolve(String(globalThis.eval('6 * 7')));
          } catch (error) {
            resolve((error as Error).name);
          }
        }),
      );
      await new Promise((resolve) => setTimeout(resolve, 300));
      return { blocked, evaluated, hasRun: 'inlineHasRun' in window };
    });
    expect(outcome.hasRun).toBe(false);
    expect(outcome.evaluated).toBe('EvalError');
    expect(outcome.blocked).toEqual(
      expect.arrayContaining(['inline', 'data', 'eval', 'https://example.com/script.js']),
    );
  });

  it.each([
    'app://dpruner/package.json',
    'app://dpruner/../package.json',
    'app://dpruner/../main/main.cjs',
    'app://dpruner/%2e%2e/main/main.cjs',
    'app://dpruner/..%2fmain%2fmain.cjs',
    'app://dpruner/..%5cmain%5cmain.cjs',
    'app://dpruner/assets/../../main/preload.cjs',
    'app://dpruner//etc/passwd',
    'app://dpruner/made/report.html',
    'app://elsewhere/index.html',
  ])('%s is not there', async (url) => {
    expect(await tryToLoad(application, url)).toMatchObject({ status: 404 });
  });

  it.each([
    'file:///etc/passwd',
    pathToFileURL(`${projectFolder}/package.json`).href,
    'view-source:file:///etc/passwd',
  ])('%s is refused', async (url) => {
    expect(await tryToLoad(application, url)).toMatchObject({ error: 'ERR_BLOCKED_BY_CLIENT' });
  });

  it('comes from nowhere else: no request reaches a server, however it is made', async () => {
    let requests = 0;
    const server = createServer((_request, response) => {
      requests += 1;
      response.end('reached');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/`;
    try {
      expect(await tryToLoad(application, url)).toMatchObject({ error: 'ERR_BLOCKED_BY_CLIENT' });
      const outcomes = await application.page.evaluate(async (url) => {
        const image = new Promise((resolve) => {
          const element = new Image();
          element.onload = () => resolve('loaded');
          element.onerror = () => resolve('failed');
          element.src = url;
        });
        const socket = new Promise((resolve) => {
          try {
            const opened = new WebSocket(url.replace('http', 'ws'));
            opened.onopen = () => resolve('loaded');
            opened.onerror = () => resolve('failed');
          } catch {
            resolve('failed');
          }
        });
        const fetched = fetch(url).then(
          () => 'loaded',
          () => 'failed',
        );
        navigator.sendBeacon(url, 'text');
        const link = document.createElement('link');
        link.rel = 'prefetch';
        link.href = url;
        document.head.append(link);
        return Promise.all([image, socket, fetched]);
      }, url);
      expect(outcomes).toEqual(['failed', 'failed', 'failed']);
      await application.page.waitForTimeout(500);
      expect(requests).toBe(0);
    } finally {
      server.close();
    }
  });
});
