import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../contract/error.ts';
import { writeDurably } from '../checkpoint/durable-file.ts';
import { readJsonFile } from '../checkpoint/json-file.ts';
import { ScoreStore } from '../importance/score-store.ts';
import { lockFolder, unlockFolder } from './process-lock.ts';
import { differences, type RunRecord, runRecord } from './run-record.ts';

/** A run on the disk: its record, its score store and its scratch space, used by one process at a time. */
export class RunFolder {
  readonly dir: string;
  readonly store: ScoreStore;
  record: RunRecord;

  private constructor(dir: string, record: RunRecord) {
    this.dir = dir;
    this.record = record;
    this.store = new ScoreStore(join(dir, 'scores'));
  }

  /** For what derives from texts; emptied when a run starts and when it ends. */
  get scratchDir(): string {
    return join(this.dir, 'scratch');
  }

  /**
   * Starts a run in a new folder, or goes on in the folder of one that was stopped.
   * @throws UserError RUN_EXISTS, RUN_DIFFERS, RUN_IN_USE, RUN_FOLDER_FOREIGN
   */
  static async start(dir: string, record: RunRecord, { resume, force }: { resume: boolean; force: boolean }) {
    const isOurs = existsSync(join(dir, 'run.json'));
    if (!isOurs && existsSync(dir) && !(await isFree(dir))) throw foreign(dir);
    if (isOurs && !resume && !force) throw exists(dir);
    if (isOurs) await lockFolder(dir, (owner) => inUse(dir, owner));
    if (isOurs && !resume) await removeRun(dir);
    await mkdir(dir, { recursive: true, mode: 0o700 });
    await lockFolder(dir, (owner) => inUse(dir, owner));
    const folder = new RunFolder(dir, record);
    if (isOurs && resume) await folder.goOn(record);
    await rm(folder.scratchDir, { recursive: true, force: true });
    await folder.save();
    return folder;
  }

  /** Opens a run to read its scores. @throws UserError RUN_MISSING, RUN_UNFINISHED */
  static async open(dir: string): Promise<RunFolder> {
    const path = join(dir, 'run.json');
    if (!existsSync(path)) {
      throw new UserError(
        'RUN_MISSING',
        `${dir} is not the folder of a run: it has no run.json.`,
        'Name the run folder that `prune` printed at its end.',
      );
    }
    const record = await readRecord(path);
    if (!record.finished) {
      throw new UserError(
        'RUN_UNFINISHED',
        `The run in ${dir} has not scored all layers yet.`,
        'Repeat its `prune` command with --resume first.',
      );
    }
    return new RunFolder(dir, record);
  }

  /** Writes the record, or a changed one, in place of the old one. */
  async save(changes: Partial<RunRecord> = {}): Promise<void> {
    this.record = { ...this.record, ...changes };
    const text = `${JSON.stringify(this.record, null, 2)}\n`;
    await writeDurably(join(this.dir, 'run.json'), (append) => append(Buffer.from(text)));
  }

  async close(): Promise<void> {
    await rm(this.scratchDir, { recursive: true, force: true });
    await unlockFolder(this.dir);
  }

  private async goOn(wanted: RunRecord): Promise<void> {
    const path = join(this.dir, 'run.json');
    const found = await readRecord(path);
    const changed = differences(found, wanted);
    if (changed.length > 0) {
      await this.close();
      throw new UserError(
        'RUN_DIFFERS',
        `The run in ${this.dir} cannot be resumed with other settings: ${changed.join('; ')}.`,
        'Give the settings it was started with, or start anew with --force.',
      );
    }
    this.record = { ...found, settings: wanted.settings, mixTokens: wanted.mixTokens };
  }
}

/** @throws UserError RUN_RECORD_INVALID */
async function readRecord(path: string): Promise<RunRecord> {
  const parsed = runRecord.safeParse(await readJsonFile(path));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UserError(
    'RUN_RECORD_INVALID',
    `${path} is damaged or from another version of this program: ${issue.path.join('.')}: ${issue.message}.`,
    'Start the run anew with --force, or use the version that began it.',
  );
}

/** Removes what a run wrote, and nothing that somebody else may have put beside it. */
async function removeRun(dir: string): Promise<void> {
  for (const name of ['scores', 'scratch', 'run.json']) {
    await rm(join(dir, name), { recursive: true, force: true });
  }
}

const isFree = async (dir: string): Promise<boolean> =>
  (await stat(dir)).isDirectory() && (await readdir(dir)).every(isFirst);

/** What a run that was killed while it started may have left. */
const isFirst = (name: string): boolean => name === 'lock' || name === 'run.json.partial';

const foreign = (dir: string) =>
  new UserError(
    'RUN_FOLDER_FOREIGN',
    `${dir} is a file, or has files in it that are not of a pruning run.`,
    'Choose a new or empty folder with --run.',
  );

const exists = (dir: string) =>
  new UserError(
    'RUN_EXISTS',
    `${dir} already holds a run.`,
    'Go on with it by --resume, make another model from its scores with `remask`, or replace it by --force.',
  );

const inUse = (dir: string, owner: number) =>
  new UserError(
    'RUN_IN_USE',
    `The run in ${dir} is in use by process ${owner}.`,
    'Wait until it has ended, or choose another run folder with --run.',
  );
