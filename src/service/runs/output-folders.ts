import { existsSync } from 'node:fs';
import { UserError } from '../../contract/error.ts';
import type { Keeper } from '../keeper.ts';
import { contains, realPath } from '../real-path.ts';

/** Whose folder one is going to be. */
interface Promised {
  readonly outDir: string;
  /** As a message calls it. */
  readonly owner: string;
  /** How the folder comes free again. */
  readonly fix: string;
}

/** The folders that runs and exports are going to write; none is promised twice. */
export class OutputFolders {
  private readonly keeper: Pick<Keeper, 'runs' | 'exports'>;
  private last: Promise<unknown> = Promise.resolve();

  constructor(keeper: Pick<Keeper, 'runs' | 'exports'>) {
    this.keeper = keeper;
  }

  /**
   * Checks that the folder is free and puts whoever wants it on record, before the next who asks is heard.
   * @throws UserError OUTPUT_EXISTS, OUTPUT_PROMISED; what `record` throws
   */
  claim<T>(outDir: string, record: () => Promise<T>): Promise<T> {
    const claimed = this.last.then(async () => {
      await this.assertFree(outDir);
      return record();
    });
    this.last = claimed.catch(() => {});
    return claimed;
  }

  private async assertFree(outDir: string): Promise<void> {
    if (existsSync(outDir)) throw exists(outDir);
    const wanted = realPath(outDir);
    for (const promised of await this.promised()) {
      const other = realPath(promised.outDir);
      if (contains(other, wanted) || contains(wanted, other)) throw promisedTo(outDir, promised);
    }
  }

  private async promised(): Promise<Promised[]> {
    const { runs, exports } = this.keeper;
    const unfinished = await runs.withStatus('queued', 'running', 'paused', 'interrupted', 'failed');
    return [
      ...unfinished.map(({ summary: { id, name, status, outDir } }) => ({
        ...{ outDir, owner: `run ${id}, “${name}”, which is ${status}` },
        fix: 'Choose another output folder, or cancel or delete that run first.',
      })),
      ...(await exports.running()).map(({ outDir, runId }) => ({
        ...{ outDir, owner: `an export of run ${runId}, which is being written` },
        fix: 'Choose another output folder, or cancel that export first.',
      })),
    ];
  }
}

const exists = (outDir: string) =>
  new UserError(
    'OUTPUT_EXISTS',
    `${outDir} is there already.`,
    'Choose another output folder; nothing is overwritten.',
  );

const promisedTo = (outDir: string, { outDir: other, owner, fix }: Promised) =>
  new UserError(
    'OUTPUT_PROMISED',
    `${other === outDir ? outDir : `${outDir} and ${other} overlap: the second`} is the output folder of ${owner}.`,
    fix,
  );
