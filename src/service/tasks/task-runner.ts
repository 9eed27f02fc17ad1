import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../contract/error.ts';
import { engineNodeOptions } from '../../engine/node-options.mjs';
import type { Log } from '../log.ts';
import {
  type TaskInput,
  type TaskName,
  type TaskOutput,
  taskDefinitions,
  taskReply,
} from './task-definitions.ts';

const TASK = join(import.meta.dirname, '../task.ts');
/** More at once would only wait for each other's disk and cores. */
const AT_ONCE = 2;

/** Does the tasks, a process each; a few at once, the others wait. */
export class TaskRunner {
  private readonly log: Log;
  private readonly temporary: string;
  private readonly children = new Set<ChildProcess>();
  private readonly waiting: (() => void)[] = [];
  private running = 0;

  constructor(log: Log, temporary: string) {
    this.log = log;
    this.temporary = temporary;
  }

  /** @throws UserError what the task throws; TASK_DIED */
  async run<Name extends TaskName>(name: Name, input: TaskInput<Name>): Promise<TaskOutput<Name>> {
    if (this.running >= AT_ONCE) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.running++;
    try {
      const output = await this.perform(name, input);
      return taskDefinitions[name].output.parse(output) as TaskOutput<Name>;
    } finally {
      this.running--;
      this.waiting.shift()?.();
    }
  }

  kill(): void {
    for (const child of this.children) child.kill('SIGKILL');
  }

  private perform(name: TaskName, input: unknown): Promise<unknown> {
    mkdirSync(this.temporary, { recursive: true, mode: 0o700 });
    const child = spawn(process.execPath, [...engineNodeOptions, TASK], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: { ...process.env, TMPDIR: this.temporary, TEMP: this.temporary, TMP: this.temporary },
      windowsHide: true,
    });
    this.children.add(child);
    child.send({ name, input }, () => {});
    return new Promise((resolve, reject) => {
      child.on('message', (message) => {
        const reply = taskReply.parse(message);
        if (reply.kind === 'done') return resolve(reply.output);
        const { code, message: text, fix } = reply.problem;
        if (code === 'UNEXPECTED') this.log.error('task failed', { task: name, where: reply.where });
        reject(new UserError(code, text, fix));
      });
      const end = (how: string) => {
        this.children.delete(child);
        reject(died(name, how)); // without effect once there is a reply
      };
      child.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.name));
      child.on('close', (code, signal) => end(signal ?? `exit code ${code}`));
    });
  }
}

const died = (name: TaskName, how: string) =>
  new UserError(
    'TASK_DIED',
    `The process for ${name} ended without a word (${how}).`,
    'Try again; if it ends again, close other programs first: most often the memory ran out.',
  );
