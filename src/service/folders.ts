import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../contract/error.ts';

const DATABASE = 'history.sqlite';

/** Everything that the service keeps lies in its data folder. */
export class Folders {
  readonly data: string;
  readonly logs: string;

  constructor(data: string, logs: string | null) {
    this.data = data;
    this.logs = logs ?? join(data, 'logs');
  }

  get databaseFile(): string {
    return join(this.data, DATABASE);
  }

  get backups(): string {
    return join(this.data, 'backups');
  }

  /** All that a run has of its own but for the pruned model. */
  run(id: number): string {
    return join(this.data, 'runs', String(id));
  }

  /** The engine's run folder: record, scores and scratch. */
  engineRun(id: number): string {
    return join(this.run(id), 'engine');
  }

  preset(id: number): string {
    return join(this.run(id), 'preset.json');
  }

  /** For temporary files of the run's worker; they derive from texts. */
  temporary(id: number): string {
    return join(this.run(id), 'temporary');
  }

  /** How the run's importances are distributed, for plots. */
  distributions(id: number): string {
    return join(this.run(id), 'distributions.json');
  }

  /** All that an experiment has. */
  experiment(id: number): string {
    return join(this.data, 'experiments', String(id));
  }

  /** Finished points and scores, to go on with. */
  experimentWork(id: number): string {
    return join(this.experiment(id), 'work');
  }

  experimentPreset(id: number): string {
    return join(this.experiment(id), 'preset.json');
  }

  /** For temporary files of the experiment's worker; they derive from texts. */
  experimentTemporary(id: number): string {
    return join(this.experiment(id), 'temporary');
  }

  /** What it found. */
  experimentReport(id: number): string {
    return join(this.experiment(id), 'report.json');
  }

  /** For temporary files of what is no run: exports, inspections. */
  get temporaryOfTasks(): string {
    return join(this.data, 'temporary');
  }

  create(): void {
    try {
      for (const folder of [this.data, this.logs]) mkdirSync(folder, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw new UserError(
        'DATA_FOLDER_NOT_WRITABLE',
        `The data folder ${this.data} cannot be made or written (${(error as NodeJS.ErrnoException).code}).`,
        'Connect its disk, or give this account the right to write there.',
      );
    }
  }
}

const locationFile = z.object({ dataFolder: z.string().min(1) });

/** The folder that the person has chosen; null for none. */
export function chosenDataFolder(platform = process.platform, env = process.env): string | null {
  const file = locationPath(platform, env);
  if (!existsSync(file)) return null;
  try {
    return locationFile.parse(JSON.parse(readFileSync(file, 'utf8'))).dataFolder;
  } catch {
    throw new UserError(
      'LOCATION_INVALID',
      `${file}, which says where the data folder is, cannot be read.`,
      'Correct the file, or remove it to use the default folder.',
    );
  }
}

/** Remembers the choice for the next start. @throws UserError DATA_FOLDER_NOT_EMPTY, DATA_FOLDER_NOT_WRITABLE */
export function chooseDataFolder(folder: string, platform = process.platform, env = process.env): void {
  if (!isAbsolute(folder)) {
    throw new UserError('DATA_FOLDER_RELATIVE', `${folder} is no absolute path.`, 'Give the whole path.');
  }
  new Folders(folder, null).create();
  const names = readdirSync(folder).filter((name) => name !== 'logs');
  if (names.length > 0 && !names.includes(DATABASE)) {
    throw new UserError(
      'DATA_FOLDER_NOT_EMPTY',
      `${folder} holds other files.`,
      'Choose an empty folder, or one that was a data folder of D-Pruner Desktop before.',
    );
  }
  const file = locationPath(platform, env);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ dataFolder: folder }, null, 2)}\n`);
}

/** Where data goes unless somebody has chosen otherwise. */
export function defaultDataFolder(platform = process.platform, env = process.env): string {
  switch (platform) {
    case 'win32':
      return join(env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'D-Pruner');
    case 'darwin':
      return join(homedir(), 'Library', 'Application Support', 'D-Pruner');
    default:
      return join(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'd-pruner');
  }
}

function locationPath(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string {
  switch (platform) {
    case 'win32':
      return join(env.APPDATA ?? join(homedir(), 'AppData', 'Roaming'), 'D-Pruner', 'location.json');
    case 'darwin':
      return join(homedir(), 'Library', 'Preferences', 'D-Pruner', 'location.json');
    default:
      return join(env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'd-pruner', 'location.json');
  }
}
