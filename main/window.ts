import { app, BrowserWindow, nativeTheme, screen, type WebContents } from 'electron';
import { START_PAGE } from './app-origin.ts';
import { places } from './places.ts';
import { readWindowState, type WindowState, writeWindowState } from './window-state.ts';

const DEFAULT_SIZE = { width: 1280, height: 800 };
const MINIMUM = { minWidth: 900, minHeight: 600 };

/** The one window. It may be closed and opened again while the application goes on working. */
export class MainWindow {
  #window: BrowserWindow | null = null;

  constructor() {
    app.on('second-instance', () => this.open());
    app.on('activate', () => this.open());
  }

  get native(): BrowserWindow | null {
    return this.#window;
  }

  /** Opens the window, or brings it to the front. */
  open(): void {
    if (this.#window) {
      if (this.#window.isMinimized()) this.#window.restore();
      this.#window.show();
      this.#window.focus();
    } else if (app.isReady()) {
      this.#window = this.#create();
    }
  }

  owns(contents: WebContents): boolean {
    return this.#window?.webContents === contents;
  }

  /** To the page, if there is one. */
  send(channel: string, ...content: unknown[]): void {
    if (this.#window && !this.#window.webContents.isDestroyed()) {
      this.#window.webContents.send(channel, ...content);
    }
  }

  #create(): BrowserWindow {
    const state = readWindowState();
    const window = new BrowserWindow({
      ...(visibleBounds(state) ?? DEFAULT_SIZE),
      ...MINIMUM,
      show: false,
      title: app.getName(),
      icon: places.icon,
      // What is seen until the page is drawn.
      backgroundColor: nativeTheme.shouldUseDarkColors ? '#121212' : '#ffffff',
      webPreferences: {
        preload: places.preload,
        contextIsolation: true,
        sandbox: true,
        webSecurity: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false,
        webviewTag: false,
        allowRunningInsecureContent: false,
        experimentalFeatures: false,
        navigateOnDragDrop: false,
        spellcheck: false,
        devTools: !app.isPackaged,
      },
    });
    if (state.isMaximized) window.maximize();
    window.once('ready-to-show', () => window.show());
    window.on('close', () => writeWindowState(stateOf(window)));
    window.on('closed', () => {
      this.#window = null;
    });
    void window.loadURL(START_PAGE);
    return window;
  }
}

/** Not on a screen that is no longer there. */
function visibleBounds({ bounds }: WindowState): WindowState['bounds'] {
  if (bounds === null) return null;
  const { workArea } = screen.getDisplayMatching(bounds);
  const isVisible =
    bounds.x < workArea.x + workArea.width - 100 &&
    bounds.x + bounds.width > workArea.x + 100 &&
    bounds.y >= workArea.y - 10 &&
    bounds.y < workArea.y + workArea.height - 100;
  return isVisible ? bounds : null;
}

function stateOf(window: BrowserWindow): Pick<WindowState, 'bounds' | 'isMaximized'> {
  return { bounds: window.getNormalBounds(), isMaximized: window.isMaximized() };
}
