import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { APP_ORIGIN } from '../../../main/app-origin.ts';
import { respond } from '../../../main/respond.ts';
import { listServedFiles } from '../../../main/served-files.ts';
import { projectFolder } from '../harness/environment.ts';

interface InterfaceServer {
  readonly url: string;
  close(): void;
}

/** Serves the built interface to a browser, with the very answers that the application's own protocol gives. */
export async function serveInterface(): Promise<InterfaceServer> {
  const files = listServedFiles(join(projectFolder, 'dist', 'renderer'));
  const server = createServer((request, reply) => {
    const { statusCode, headers, data } = respond(files, request.method ?? '', APP_ORIGIN + request.url);
    reply.writeHead(statusCode, headers).end(data);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/index.html`, close: () => void server.close() };
}
