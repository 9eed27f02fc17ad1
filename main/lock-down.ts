import { app, type Session, session, type WebContents } from 'electron';
import { APP_ORIGIN, APP_SCHEME } from './app-origin.ts';

/**
 * Nothing leaves the machine and nothing from elsewhere is shown. Each line stands by itself: if one failed, the others
 * would still hold. Called before the application is ready.
 */
export function lockDown(): void {
  // No name is ever resolved, whoever asks.
  app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
  app.commandLine.appendSwitch('disable-background-networking');
  app.commandLine.appendSwitch('disable-component-update');
  app.commandLine.appendSwitch('disable-domain-reliability');
  app.commandLine.appendSwitch('dns-prefetch-disable');
  app.commandLine.appendSwitch('no-pings');
  app.on('session-created', closeSession);
  app.on('web-contents-created', (_event, contents) => confine(contents));
  // A web page's client certificate or password dialog can only come from elsewhere.
  app.on('login', (event) => event.preventDefault());
  app.on('certificate-error', (event, _contents, _url, _error, _certificate, callback) => {
    event.preventDefault();
    callback(false);
  });
  void app.whenReady().then(() => closeSession(session.defaultSession));
}

const closed = new WeakSet<Session>();

function closeSession(one: Session): void {
  if (closed.has(one)) return;
  closed.add(one);
  one.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !isOurs(details.url) }));
  one.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  one.setPermissionCheckHandler(() => false);
  one.setDevicePermissionHandler(() => false);
  one.on('will-download', (event) => event.preventDefault());
  // The spell-checker would download its dictionaries.
  one.setSpellCheckerEnabled(false);
  void one.setProxy({ mode: 'direct' });
}

function isOurs(url: string): boolean {
  // The developer tools, which what is given to users does not open, are served by Electron itself.
  return url.startsWith(`${APP_SCHEME}:`) || (!app.isPackaged && url.startsWith('devtools:'));
}

function confine(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-navigate', (event, url) => {
    // The page may be loaded again; it may not go elsewhere.
    if (withoutFragment(url) !== withoutFragment(contents.getURL()) || !url.startsWith(`${APP_ORIGIN}/`)) {
      event.preventDefault();
    }
  });
}

function withoutFragment(url: string): string {
  return url.split('#', 1)[0] ?? '';
}
