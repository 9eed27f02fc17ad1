import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openHistory } from '../../src/history/open-history.ts';
import { RunStore } from '../../src/history/run-store.ts';
import { temporaryFolder } from '../engine/checkpoint/temporary-folder.ts';
import { newRun } from './new-run.ts';

const folder = temporaryFolder();
const history = openHistory({ file: join(folder, 'history.sqlite'), backupFolder: join(folder, 'backups') });
const store = new RunStore(history.query);
afterAll(() => history.close());

const file = (path: string, sha256: string, part = 'open-domain') => ({ part, path, sha256, bytes: 10 });

describe('the data that runs have read', () => {
  it('is listed once for each content, with how many runs read it and when the last was', async () => {
    const first = await store.add(newRun({}, { at: '2026-01-01T00:00:00.000Z' }));
    const second = await store.add(newRun({}, { at: '2026-02-01T00:00:00.000Z' }));
    // One file for two purposes of the same run counts once.
    await store.setDatasets(first.summary.id, [
      file('/a.txt', '1'),
      file('/a.txt', '1', 'casehold'),
      file('/b.txt', '2'),
    ]);
    await store.setDatasets(second.summary.id, [file('/a.txt', '1'), file('/b.txt', '3')]);
    expect(await store.usedDatasets()).toEqual([
      { path: '/a.txt', sha256: '1', bytes: 10, runs: 2, lastUsedAt: '2026-02-01T00:00:00.000Z' },
      { path: '/b.txt', sha256: '3', bytes: 10, runs: 1, lastUsedAt: '2026-02-01T00:00:00.000Z' },
      { path: '/b.txt', sha256: '2', bytes: 10, runs: 1, lastUsedAt: '2026-01-01T00:00:00.000Z' },
    ]);
  });

  it('is no longer there when its runs are gone', async () => {
    await store.remove(2);
    expect((await store.usedDatasets()).map(({ sha256 }) => sha256)).toEqual(['1', '2']);
  });
});
