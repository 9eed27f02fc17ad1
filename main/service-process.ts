import { type ChildProcess, spawn } from 'node:child_process';
import { engineEnvironment } from '../scripts/engine-environment.mjs';
import { UserError } from '../src/contract/error.ts';
import type { ServiceState } from '../src/contract/main-requests.ts';
import { type Problem, problem } from '../src/contract/problem.ts';
import { type EventName, type EventOf, isEventName, serviceEvents } from '../src/contract/service-events.ts';
import { type ServiceMessage, serviceMessage } from '../src/contract/service-message.ts';
import type { ReplyOf, RequestName, RequestOf } from '../src/contract/service-requests.ts';
import { places } from './places.ts';

/** A service that dies more often than this within the time is not started again by itself. */
const MAX_DEATHS = 3;
const DEATHS_WITHIN_MS = 60_000;
/** Pausing a run lets its worker finish the layer at work. */
const STOP_WITHIN_MS = 15_000;
const KILL_AFTER_MS = 2_000;

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: UserError) => void;
}
type Listener = (name: EventName | 'service.state', payload: unknown) => void;

/** The service: started on its own Node, asked, listened to, and started again when it dies. */
export class ServiceProcess {
  #child: ChildProcess | null = null;
  #state: ServiceState = { state: 'starting', problem: null };
  #nextId = 1;
  #deaths: number[] = [];
  #isStopping = false;
  readonly #pending = new Map<number, Pending>();
  readonly #listeners = new Set<Listener>();
  /** Requests that came before the service was ready. */
  #waiting: (() => void)[] = [];

  get state(): ServiceState {
    return this.#state;
  }

  /** The process's number, for the log. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  start(): void {
    this.#isStopping = false;
    const child = spawn(places.node, ['--disable-warning=DEP0044', places.service], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      // The two sides run on different versions of V8, whose own serialisation differs.
      serialization: 'json',
      windowsHide: true,
      env: { ...engineEnvironment, ...process.env },
    });
    this.#child = child;
    child.on('message', (message) => child === this.#child && this.#receive(serviceMessage.parse(message)));
    child.once('error', (error) => this.#end(child, startFailure(error)));
    child.once('exit', (code, signal) => this.#end(child, death(code, signal)));
  }

  /** @throws UserError what the service refuses with, or SERVICE_DIED */
  ask<Name extends RequestName>(name: Name, payload: RequestOf<Name>): Promise<ReplyOf<Name>> {
    return this.forward(name, payload) as Promise<ReplyOf<Name>>;
  }

  /** The same for a request whose name and payload have been checked elsewhere. */
  async forward(name: RequestName, payload: unknown): Promise<unknown> {
    if (this.#state.state === 'starting') await new Promise<void>((ready) => this.#waiting.push(ready));
    if (this.#state.state === 'failed') throw asUserError(this.#state.problem ?? unknownProblem);
    return this.#send(name, payload);
  }

  listen(listener: Listener): void {
    this.#listeners.add(listener);
  }

  on<Name extends EventName>(name: Name, listener: (payload: EventOf<Name>) => void): void {
    this.listen((heard, payload) => {
      if (heard === name) listener(serviceEvents[name].parse(payload) as EventOf<Name>);
    });
  }

  async restart(): Promise<void> {
    await this.stop();
    this.#deaths = [];
    this.#enter({ state: 'starting', problem: null });
    this.start();
  }

  /** Lets it pause what is at work and close its database; after a while it is ended. */
  async stop(): Promise<void> {
    const child = this.#child;
    this.#isStopping = true;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    if (this.#state.state === 'ready') this.#send('service.stop', {}).catch(() => {});
    else if (child.connected) child.disconnect();
    const timers = [
      setTimeout(() => child.kill('SIGTERM'), STOP_WITHIN_MS),
      setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS + KILL_AFTER_MS),
    ];
    await ended;
    for (const timer of timers) clearTimeout(timer);
  }

  #send(name: RequestName, payload: unknown): Promise<unknown> {
    const child = this.#child;
    if (!child?.connected) return Promise.reject(asUserError(death(null, null)));
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      child.send(
        { kind: 'request', id, name, payload },
        (error) => error && this.#settle(id)?.reject(asUserError(death(null, null))),
      );
    });
  }

  #receive(message: ServiceMessage): void {
    if (message.kind === 'reply') this.#settle(message.id)?.resolve(message.value);
    else if (message.kind === 'refusal') this.#settle(message.id)?.reject(asUserError(message.problem));
    else if (isEventName(message.name)) this.#hear(message.name, message.payload);
  }

  #hear(name: EventName, payload: unknown): void {
    if (name === 'service.ready') this.#enter({ state: 'ready', problem: null });
    if (name === 'service.failed') this.#enter({ state: 'failed', problem: problem.parse(payload) });
    this.#tell(name, payload);
  }

  #end(child: ChildProcess, cause: Problem): void {
    if (child !== this.#child) return;
    this.#child = null;
    for (const id of [...this.#pending.keys()]) this.#settle(id)?.reject(asUserError(cause));
    if (this.#isStopping || this.#state.state === 'failed') return;
    const now = Date.now();
    this.#deaths = [...this.#deaths.filter((at) => now - at < DEATHS_WITHIN_MS), now];
    if (this.#deaths.length >= MAX_DEATHS || cause.code === 'SERVICE_NOT_STARTED') {
      this.#enter({ state: 'failed', problem: cause });
    } else {
      this.#enter({ state: 'starting', problem: { ...cause, fix: restartFix } });
      this.start();
    }
  }

  #enter(state: ServiceState): void {
    this.#state = state;
    if (state.state !== 'starting') for (const go of this.#waiting.splice(0)) go();
    this.#tell('service.state', state);
  }

  #tell(name: EventName | 'service.state', payload: unknown): void {
    for (const listener of this.#listeners) listener(name, payload);
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }
}

const restartFix =
  'It is being started again; a run that was at work waits in the history and can be resumed.';
const unknownProblem: Problem = death(null, null);

function death(code: number | null, signal: NodeJS.Signals | null): Problem {
  const how = signal ? ` by the signal ${signal}` : code === null ? '' : ` with exit code ${code}`;
  return {
    code: 'SERVICE_DIED',
    message: `The pruning service ended unexpectedly${how}.`,
    fix: 'Start it again; if it ends again, look into its log and into the free memory and disk space.',
  };
}

function startFailure(error: Error): Problem {
  return {
    code: 'SERVICE_NOT_STARTED',
    message: `The pruning service could not be started: ${error.message}.`,
    fix: 'Install the application again; a part of it is missing or may not be executed.',
  };
}

function asUserError({ code, message, fix }: Problem): UserError {
  return new UserError(code, message, fix);
}
