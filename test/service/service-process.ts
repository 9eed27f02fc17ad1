import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { UserError } from '../../src/contract/error.ts';
import type { RunStatus, RunSummary } from '../../src/contract/run.ts';
import {
  type EventName,
  type EventOf,
  isEventName,
  serviceEvents,
} from '../../src/contract/service-events.ts';
import { serviceMessage } from '../../src/contract/service-message.ts';
import {
  type ReplyOf,
  type RequestName,
  type RequestOf,
  serviceRequests,
} from '../../src/contract/service-requests.ts';

const MAIN = join(import.meta.dirname, '../../src/service/main.ts');

interface Waiting {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** The service as its parent sees it: a real process over a real channel, every message checked by the contract. */
export class ServiceProcess {
  readonly child: ChildProcess;
  readonly events: { name: EventName; payload: unknown }[] = [];
  /** Rejects with what `service.failed` says. */
  readonly ready: Promise<void>;
  private readonly waiting = new Map<number, Waiting>();
  private readonly listeners = new Set<() => void>();
  private lastId = 0;

  constructor(
    dataFolder: string,
    { args = [], env = {} }: { args?: string[]; env?: Record<string, string> } = {},
  ) {
    this.child = spawn(process.execPath, [MAIN, '--data-folder', dataFolder, ...args], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      serialization: 'json',
      env: { ...process.env, ...env },
    });
    this.child.on('message', (message) => this.receive(message));
    this.ready = this.until(
      () => this.has('service.ready') || this.has('service.failed') || this.isGone,
    ).then(() => {
      const failure = this.last('service.failed');
      if (failure) throw new UserError(failure.code, failure.message, failure.fix);
      if (!this.has('service.ready')) throw new Error('the service ended before it was ready');
    });
    this.ready.catch(() => {});
    this.child.on('exit', () => {
      for (const { reject } of this.waiting.values()) reject(new Error('the service is gone'));
      for (const listener of this.listeners) listener();
    });
  }

  get isGone(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  request<Name extends RequestName>(name: Name, payload: RequestOf<Name>): Promise<ReplyOf<Name>> {
    return this.ask(name, payload) as Promise<ReplyOf<Name>>;
  }

  /** Without the compiler's check, for what nobody should send. */
  async ask(name: string, payload: unknown): Promise<unknown> {
    const id = ++this.lastId;
    const value = await new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.child.send({ kind: 'request', id, name, payload });
    });
    return serviceRequests[name as RequestName].reply.parse(value);
  }

  last<Name extends EventName>(name: Name): EventOf<Name> | null {
    const found = this.events.findLast((event) => event.name === name);
    return (found?.payload as EventOf<Name> | undefined) ?? null;
  }

  has(name: EventName): boolean {
    return this.events.some((event) => event.name === name);
  }

  all<Name extends EventName>(name: Name): EventOf<Name>[] {
    return this.events.filter((event) => event.name === name).map(({ payload }) => payload as EventOf<Name>);
  }

  /** Resolves once `holds`; looked at after every message. */
  until(holds: () => boolean): Promise<void> {
    if (holds()) return Promise.resolve();
    return new Promise((resolve) => {
      const listener = () => {
        if (!holds()) return;
        this.listeners.delete(listener);
        resolve();
      };
      this.listeners.add(listener);
    });
  }

  /** The run as it was last told, once it has one of these statuses. */
  async untilStatus(runId: number, ...statuses: RunStatus[]): Promise<RunSummary> {
    const find = () => this.all('run.changed').findLast(({ id }) => id === runId);
    await this.until(() => this.isGone || statuses.includes(find()?.status as RunStatus));
    const found = find();
    if (!found || !statuses.includes(found.status)) throw new Error('the service ended before');
    return found;
  }

  async kill(): Promise<void> {
    if (this.isGone) return;
    this.child.kill('SIGKILL');
    await once(this.child, 'exit');
  }

  async stop(): Promise<void> {
    if (this.isGone) return;
    const exit = once(this.child, 'exit');
    await this.request('service.stop', {}).catch(() => {});
    await exit;
  }

  private receive(raw: unknown): void {
    const message = serviceMessage.parse(raw);
    if (message.kind === 'event') {
      if (!isEventName(message.name)) throw new Error(`unknown event ${message.name}`);
      this.events.push({ name: message.name, payload: serviceEvents[message.name].parse(message.payload) });
    } else {
      const waiting = this.waiting.get(message.id);
      this.waiting.delete(message.id);
      if (message.kind === 'reply') waiting?.resolve(message.value);
      else {
        const { code, message: text, fix } = message.problem;
        waiting?.reject(new UserError(code, text, fix));
      }
    }
    for (const listener of [...this.listeners]) listener();
  }
}

/** Services of a test file, ended after it. */
export function services() {
  const started: ServiceProcess[] = [];
  return {
    async start(dataFolder: string, options: { args?: string[]; env?: Record<string, string> } = {}) {
      const service = new ServiceProcess(dataFolder, options);
      started.push(service);
      await service.ready;
      return service;
    },
    killAll: () => Promise.all(started.map((service) => service.kill())),
  };
}
