import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { removeFromBackups } from '../../src/history/backups.ts';
import { ExperimentStore } from '../../src/history/experiment-store.ts';
import { openHistory } from '../../src/history/open-history.ts';
import { RunStore } from '../../src/history/run-store.ts';
import { temporaryFolder } from '../engine/checkpoint/temporary-folder.ts';
import { newExperiment } from './new-experiment.ts';
import { newRun } from './new-run.ts';

const folder = temporaryFolder();

it('a deleted run or experiment is in no byte of a backup; the others are; a damaged backup is named and left', async () => {
  const backupFolder = join(folder, 'backups');
  const history = openHistory({ file: join(folder, 'history.sqlite'), backupFolder });
  const store = new RunStore(history.query);
  const gone = await store.add(newRun({ name: 'quizzaciously named' }));
  await store.add(newRun({ name: 'remaining' }));
  const use = { part: 'notes', path: '/ward/quizzaciously.jsonl', sha256: 'a'.repeat(64), bytes: 9 };
  await store.setDatasets(gone.summary.id, [use]);
  expect(await store.datasetsOf(gone.summary.id)).toEqual([use]);
  const experiments = new ExperimentStore(history.query);
  const forgotten = await experiments.add(newExperiment('floccinaucinihilipilification'));
  history.database.exec(`VACUUM INTO '${join(folder, 'backup.sqlite')}'`);
  history.close();
  mkdirSync(backupFolder, { recursive: true });
  renameSync(join(folder, 'backup.sqlite'), join(backupFolder, 'before-0005.sqlite'));
  writeFileSync(join(backupFolder, 'damaged.sqlite'), 'no database');

  const content = () => readFileSync(join(backupFolder, 'before-0005.sqlite'));
  expect(content().includes('quizzaciously')).toBe(true);
  expect(removeFromBackups(backupFolder, 'runs', gone.summary.id)).toEqual([
    join(backupFolder, 'damaged.sqlite'),
  ]);
  expect(content().includes('quizzaciously')).toBe(false);
  expect(content().includes('remaining')).toBe(true);
  expect(content().includes('floccinaucinihilipilification')).toBe(true);
  removeFromBackups(backupFolder, 'experiments', forgotten.summary.id);
  expect(content().includes('floccinaucinihilipilification')).toBe(false);
  expect(readdirSync(backupFolder).sort()).toEqual(['before-0005.sqlite', 'damaged.sqlite']);
  expect(readFileSync(join(backupFolder, 'damaged.sqlite'), 'utf8')).toBe('no database');
});
