import { type ProtocolRequest, type ProtocolResponse, protocol, session } from 'electron';
import { APP_SCHEME } from './app-origin.ts';
import { places } from './places.ts';
import { respond } from './respond.ts';
import { listServedFiles } from './served-files.ts';

/** Before the application is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true, codeCache: true } },
  ]);
}

/** Serves the built interface, and nothing else, as `app://dpruner/…`. */
export function serveApp(): void {
  const files = listServedFiles(places.interface);
  const answerTo = (method: string, url: string) => respond(files, method, url);
  const target = session.defaultSession.protocol;
  // Electron 25 replaced the one by the other.
  if (typeof target.handle === 'function') {
    target.handle(APP_SCHEME, ({ method, url }) => {
      const { statusCode, headers, data } = answerTo(method, url);
      return new Response(new Uint8Array(data), { status: statusCode, headers });
    });
  } else {
    target.registerBufferProtocol(
      APP_SCHEME,
      (request: ProtocolRequest, answer: (reply: ProtocolResponse) => void) =>
        answer(answerTo(request.method, request.url)),
    );
  }
}
