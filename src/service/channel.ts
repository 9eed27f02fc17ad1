import { UserError } from '../contract/error.ts';
import type { ServiceMessage } from '../contract/service-message.ts';
import { requestMessage } from '../contract/service-message.ts';
import { isRequestName, serviceRequests } from '../contract/service-requests.ts';
import { explainDatabaseError } from '../history/database-error.ts';
import type { Emit } from './events.ts';
import type { Handlers } from './handlers/handlers.ts';
import type { Keeper } from './keeper.ts';
import { framesOf, toProblem } from './to-problem.ts';

/** Says an event to the parent process; a parent that is gone is noticed by its silence. */
export const emit: Emit = (name, payload) => send({ kind: 'event', name, payload });

export function send(message: ServiceMessage): void {
  if (process.connected) process.send?.(message, undefined, {}, () => {});
}

/** Answers the parent's requests, each on its own: none waits for another. */
export function answerRequests(handlers: Handlers, keeper: Keeper): void {
  process.on('message', async (message) => {
    const parsed = requestMessage.safeParse(message);
    if (!parsed.success) return keeper.log.warn('a message that is no request was ignored');
    const { id, name, payload } = parsed.data;
    try {
      send({ kind: 'reply', id, value: await answer(handlers, name, payload) });
    } catch (thrown) {
      const error = explainDatabaseError(thrown, keeper.folders.databaseFile, keeper.folders.backups);
      const problem = toProblem(error);
      const where = problem.code === 'UNEXPECTED' ? framesOf(error) : null;
      keeper.log.warn('request refused', { request: name.slice(0, 100), code: problem.code, where });
      send({ kind: 'refusal', id, problem });
    }
  });
}

/** @throws UserError BAD_REQUEST, and what the handler throws */
export async function answer(handlers: Handlers, name: string, payload: unknown): Promise<unknown> {
  if (!isRequestName(name)) throw badRequest(`there is no request “${name.slice(0, 100)}”`);
  const parsed = serviceRequests[name].request.safeParse(payload);
  if (!parsed.success) {
    const issues = parsed.error.issues.slice(0, 3);
    const said = issues.map(({ path, message }) => `${path.join('.') || 'the request'}: ${message}`);
    throw badRequest(`${name} was asked with ${said.join('; ')}`);
  }
  const handle = handlers[name] as (request: unknown) => unknown;
  return handle(parsed.data);
}

const badRequest = (reason: string) =>
  new UserError(
    'BAD_REQUEST',
    `The request cannot be answered: ${reason}.`,
    'Correct the entry, and try again.',
  );
