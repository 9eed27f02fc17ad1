import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../contract/error.ts';
import { writeDurably } from '../checkpoint/durable-file.ts';
import { type TaskOutcomes, taskOutcomes } from '../evaluation/tasks/task-outcomes.ts';
import { lockFolder, unlockFolder } from '../run/process-lock.ts';
import { type MeasuredModel, measuredModel } from './comparison.ts';

/** What says that a folder is ours; anything may be recomputed, so nothing else needs to be in it. */
const MARKER = 'comparison.json';
const secondsSpent = z.record(z.string(), z.number());

/**
 * What a comparison keeps for a second start: `rows`, a file for each model that was measured, named by everything that
 * decides its figures; `items`, what a model made of each item of a task, in numbers; `runs`, the scores; and the seconds that went into what is not finished yet.
 */
export class WorkFolder {
  readonly dir: string;
  private readonly seconds: Record<string, number>;

  private constructor(dir: string, seconds: Record<string, number>) {
    this.dir = dir;
    this.seconds = seconds;
  }

  /** @throws UserError WORK_FOLDER_FOREIGN, WORK_FOLDER_IN_USE */
  static async open(dir: string): Promise<WorkFolder> {
    const isOurs = existsSync(join(dir, MARKER));
    if (!isOurs && existsSync(dir) && !(await isFree(dir))) throw foreign(dir);
    await mkdir(join(dir, 'rows'), { recursive: true, mode: 0o700 });
    await lockFolder(dir, (owner) => inUse(dir, owner));
    const folder = new WorkFolder(dir, isOurs ? await readOr(join(dir, MARKER), secondsSpent, {}) : {});
    await folder.saveSeconds();
    return folder;
  }

  close(): Promise<void> {
    return unlockFolder(this.dir);
  }

  /** The folder of the run whose scores have this identity. */
  runDir(identity: string): string {
    return join(this.dir, 'runs', identity);
  }

  /** The folders of all runs that there are. */
  async runDirs(): Promise<string[]> {
    const names = await readdir(join(this.dir, 'runs')).catch(() => []);
    return names.sort().map((name) => this.runDir(name));
  }

  /** null if the model has not been measured, or its file is damaged: then it is measured again. */
  readRow(identity: string): Promise<MeasuredModel | null> {
    return readOr(this.rowPath(identity), measuredModel, null);
  }

  saveRow(identity: string, row: MeasuredModel): Promise<void> {
    return writeJson(this.rowPath(identity), row);
  }

  /** What a model makes of a task: as it was kept, or else measured and kept. */
  async keptOutcomes(identity: string, measure: () => Promise<TaskOutcomes>): Promise<TaskOutcomes> {
    const path = join(this.dir, 'items', `${identity}.json`);
    const kept = await readOr(path, taskOutcomes, null);
    if (kept) return kept;
    const outcomes = await measure();
    await mkdir(join(this.dir, 'items'), { recursive: true, mode: 0o700 });
    await writeJson(path, outcomes);
    return outcomes;
  }

  /** Does some work and adds the seconds it takes to those spent on the same before, by an interrupted start. */
  async timed<T>(what: string, work: () => Promise<T>): Promise<T> {
    const startedAtMs = performance.now();
    try {
      return await work();
    } finally {
      this.seconds[what] = this.secondsOf(what) + (performance.now() - startedAtMs) / 1000;
      await this.saveSeconds();
    }
  }

  secondsOf(what: string): number {
    return this.seconds[what] ?? 0;
  }

  private saveSeconds(): Promise<void> {
    return writeJson(join(this.dir, MARKER), this.seconds);
  }

  private rowPath(identity: string): string {
    return join(this.dir, 'rows', `${identity}.json`);
  }
}

/** A short name for all that something depends on. */
export const identityOf = (dependencies: unknown): string =>
  createHash('sha256').update(JSON.stringify(dependencies)).digest('hex').slice(0, 24);

const writeJson = (path: string, value: unknown): Promise<void> =>
  writeDurably(path, (append) => append(Buffer.from(`${JSON.stringify(value, null, 2)}\n`)));

async function readOr<T>(path: string, schema: z.ZodType<T>, otherwise: T): Promise<T>;
async function readOr<T, O>(path: string, schema: z.ZodType<T>, otherwise: O): Promise<T | O>;
async function readOr<T, O>(path: string, schema: z.ZodType<T>, otherwise: O): Promise<T | O> {
  if (!existsSync(path)) return otherwise;
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return otherwise;
    throw error;
  }
}

/** What a comparison that was killed while it started may have left. */
const FIRST = ['rows', 'lock', `${MARKER}.partial`];

const isFree = async (dir: string): Promise<boolean> =>
  (await stat(dir)).isDirectory() && (await readdir(dir)).every((name) => FIRST.includes(name));

const foreign = (dir: string) =>
  new UserError(
    'WORK_FOLDER_FOREIGN',
    `${dir} is a file, or has files in it that are not of a comparison.`,
    'Choose a new or empty folder with --work.',
  );

const inUse = (dir: string, owner: number) =>
  new UserError(
    'WORK_FOLDER_IN_USE',
    `The comparison in ${dir} is in use by process ${owner}.`,
    'Wait until it has ended, or choose another folder with --work.',
  );
