import { type ChildProcess, spawn } from 'node:child_process';
import type { Duplex } from 'node:stream';
import type { BridgeReply } from '../../../src/contract/bridge.ts';
import { projectFolder, sandboxArguments } from './environment.ts';
import { eventually } from './eventually.ts';

interface Reply {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/**
 * The running application, debugged over two pipes instead of a network connection: for a place without any network, not
 * even that of the machine with itself.
 */
export class PipedApplication {
  readonly process: ChildProcess;
  readonly #pending = new Map<number, (reply: Reply) => void>();
  #nextId = 1;
  #received = '';
  #session = '';

  private constructor(process: ChildProcess) {
    this.process = process;
    this.#pipe(4).on('data', (chunk: Buffer) => this.#receive(String(chunk)));
  }

  /** What Electron is given to show this application and to be debugged. */
  static readonly arguments = [...sandboxArguments(), '--remote-debugging-pipe', projectFolder];

  /** Starts the program with its arguments, among them `--remote-debugging-pipe`, and waits for its page. */
  static async start(
    command: readonly string[],
    environment: Readonly<Record<string, string>>,
  ): Promise<PipedApplication> {
    const [program = '', ...programArguments] = command;
    const application = new PipedApplication(
      spawn(program, programArguments, {
        env: environment,
        stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
      }),
    );
    await application.#attach();
    return application;
  }

  /** Asks as the page does. @throws when the request is refused */
  async ask(name: string, payload: unknown): Promise<unknown> {
    const expression = `window.dpruner.request(${JSON.stringify(name)}, ${JSON.stringify(payload)})`;
    const reply = (await this.evaluate(expression)) as BridgeReply;
    if (reply.ok) return reply.value;
    throw new Error(`${name} was refused: ${reply.problem.code} ${reply.problem.message}`);
  }

  async evaluate(expression: string): Promise<unknown> {
    const { result } = (await this.send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    })) as { result: { value: unknown } };
    return result.value;
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill('SIGTERM');
    await ended;
  }

  async #attach(): Promise<void> {
    type Targets = { targetInfos: { targetId: string; url: string }[] };
    const { targetInfos } = (await eventually(
      () => this.send('Target.getTargets', {}),
      (targets) => (targets as Targets).targetInfos.some(({ url }) => url.startsWith('app:')),
    )) as Targets;
    const targetId = targetInfos.find(({ url }) => url.startsWith('app:'))?.targetId;
    const attached = await this.send('Target.attachToTarget', { targetId, flatten: true });
    this.#session = (attached as { sessionId: string }).sessionId;
    await eventually(
      // Before the page is there, there is nothing to evaluate in, or an empty one with the same bridge.
      () =>
        this.evaluate("[location.protocol, document.readyState, typeof window.dpruner].join(' ')").catch(
          () => null,
        ),
      (state) => state === 'app: complete object',
    );
  }

  /** A command of the debugging protocol, to the page. */
  send(method: string, params: object): Promise<unknown> {
    const id = this.#nextId++;
    const session = this.#session ? { sessionId: this.#session } : {};
    this.#pipe(3).write(`${JSON.stringify({ id, method, params, ...session })}\0`);
    return new Promise((resolve, reject) => {
      this.#pending.set(id, ({ result, error }) =>
        error ? reject(new Error(error.message)) : resolve(result),
      );
    });
  }

  #receive(text: string): void {
    const messages = (this.#received + text).split('\0');
    this.#received = messages.pop() ?? '';
    for (const message of messages) {
      const reply: Reply = JSON.parse(message);
      if (reply.id === undefined) continue;
      this.#pending.get(reply.id)?.(reply);
      this.#pending.delete(reply.id);
    }
  }

  #pipe(number: 3 | 4): Duplex {
    return this.process.stdio[number] as Duplex;
  }
}
