import { type IpcMainInvokeEvent, ipcMain } from 'electron';
import type { BridgeReply } from '../src/contract/bridge.ts';
import { UserError } from '../src/contract/error.ts';
import { isMainRequestName, mainRequests } from '../src/contract/main-requests.ts';
import type { Problem } from '../src/contract/problem.ts';
import { isRequestName, serviceRequests } from '../src/contract/service-requests.ts';
import { APP_ORIGIN } from './app-origin.ts';
import { EVENT_CHANNEL, REQUEST_CHANNEL } from './channels.ts';
import { type MainAnswers, mainAnswers } from './main-answers.ts';
import type { ServiceProcess } from './service-process.ts';
import type { MainWindow } from './window.ts';

/** The IPC gate: whatever the page asks goes through here. First who asks, then what, then with what. */
export function answerPage(service: ServiceProcess, window: MainWindow): void {
  const answers = mainAnswers(service, window);
  ipcMain.handle(REQUEST_CHANNEL, async (event, name: unknown, payload: unknown): Promise<BridgeReply> => {
    try {
      requireOwnPage(event, window);
      return { ok: true, value: await answer(service, answers, name, payload) };
    } catch (error) {
      return { ok: false, problem: asProblem(error) };
    }
  });
  service.listen((name, payload) => window.send(EVENT_CHANNEL, name, payload));
}

/** Only the top frame of our own window, and only while it shows our own page. */
function requireOwnPage(event: IpcMainInvokeEvent, window: MainWindow): void {
  const frame = event.senderFrame;
  const isOwn =
    frame !== null &&
    window.owns(event.sender) &&
    frame.parent === null &&
    frame.url.startsWith(`${APP_ORIGIN}/index.html`);
  if (!isOwn) throw badRequest('Only the page of the application may ask.');
}

function answer(
  service: ServiceProcess,
  answers: MainAnswers,
  name: unknown,
  payload: unknown,
): Promise<unknown> | unknown {
  if (typeof name === 'string' && isMainRequestName(name)) {
    const request = check(name, mainRequests[name].request.safeParse(payload));
    return (answers[name] as (request: unknown) => unknown)(request);
  }
  if (typeof name === 'string' && isRequestName(name) && name !== 'service.stop') {
    return service.forward(name, check(name, serviceRequests[name].request.safeParse(payload)));
  }
  throw badRequest('There is no such request.');
}

type Checked = { success: true; data: unknown } | { success: false; error: { issues: readonly Issue[] } };
interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

function check(name: string, checked: Checked): unknown {
  if (checked.success) return checked.data;
  const where = checked.error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`);
  throw badRequest(`The request ${name} is not as agreed (${where.join('; ')}).`);
}

function badRequest(message: string): UserError {
  return new UserError('BAD_REQUEST', message, 'This is a fault of the application: please report it.');
}

function asProblem(error: unknown): Problem {
  if (error instanceof UserError) return { code: error.code, message: error.message, fix: error.fix };
  return {
    code: 'UNEXPECTED',
    // Of an error that nobody has foreseen the message may quote what it was working on.
    message: `Something unexpected happened (${error instanceof Error ? error.name : typeof error}).`,
    fix: 'Try again; if it happens again, start the application anew.',
  };
}
