import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { AuditTrail, verifyAuditFile } from '../../src/history/audit-trail.ts';
import { openHistory } from '../../src/history/open-history.ts';
import { refusal } from '../engine/checkpoint/refusal.ts';
import { temporaryFolder } from '../engine/checkpoint/temporary-folder.ts';

const folder = temporaryFolder();

/** A trail of five entries, in a history of its own. */
async function trailOfFive(name: string) {
  const file = join(folder, name, 'history.sqlite');
  const history = openHistory({ file, backupFolder: join(folder, name, 'backups') });
  const trail = new AuditTrail(history.query, 'mara');
  await Promise.all(
    [1, 2, 3, 4, 5].map((run) => trail.append('run.started', `run ${run}`, { z: run, a: ['x'] })),
  );
  return { history, trail, file };
}

/** Somebody who has the file changes it behind the program's back. */
async function tamper(name: string, statements: string) {
  const { history, file } = await trailOfFive(name);
  history.close();
  const database = new Sqlite(file);
  database.exec(`DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_not_shortened; ${statements}`);
  database.close();
  const again = openHistory({ file, backupFolder: join(folder, name, 'backups') });
  const verdict = await new AuditTrail(again.query, 'mara').verify();
  again.close();
  return verdict;
}

describe('the audit trail', () => {
  it('says who did what, in order, each entry chained to the one before', async () => {
    const { history, trail } = await trailOfFive('whole');
    const { total, entries } = await trail.list({ text: '', offset: 0, limit: 10 });
    expect(total).toBe(5);
    expect(entries.map(({ sequence, who, subject }) => [sequence, who, subject])).toEqual(
      [5, 4, 3, 2, 1].map((run) => [run, 'mara', `run ${run}`]),
    );
    expect(entries[0]?.previousHash).toBe(entries[1]?.hash);
    expect(await trail.verify()).toEqual({
      isIntact: true,
      entries: 5,
      lastHash: entries[0]?.hash,
      fault: null,
    });
    expect((await trail.list({ text: 'STARTED "run', offset: 0, limit: 10 })).total).toBe(0);
    expect((await trail.list({ text: 'started 3', offset: 0, limit: 10 })).entries[0]?.subject).toBe('run 3');
    history.close();
  });

  it('is neither changed nor shortened by the program itself', async () => {
    const { history } = await trailOfFive('guarded');
    expect(() => history.database.exec("UPDATE audit SET who = 'nobody'")).toThrow(
      'the audit trail is not changed',
    );
    expect(() => history.database.exec('DELETE FROM audit')).toThrow('the audit trail is not shortened');
    history.close();
  });

  it.each([
    [
      'a changed name',
      "UPDATE audit SET who = 'nobody' WHERE sequence = 3",
      3,
      'was changed after it was written',
    ],
    [
      'changed details',
      `UPDATE audit SET details = '{"z":4}' WHERE sequence = 4`,
      4,
      'was changed after it was written',
    ],
    ['an entry taken out', 'DELETE FROM audit WHERE sequence = 2', 2, 'Entry 2 is missing'],
    ['the end cut off', 'DELETE FROM audit WHERE sequence > 3', 4, 'ends with entry 3, but there were 5'],
    ['all of it gone', 'DELETE FROM audit', 1, 'ends with entry 0, but there were 5'],
    [
      'an entry of another place put in',
      'UPDATE audit SET hash = (SELECT hash FROM audit WHERE sequence = 1) WHERE sequence = 2',
      2,
      'was changed after it was written',
    ],
  ])('tells of %s', async (name, statements, sequence, message) => {
    expect(await tamper(name, statements)).toMatchObject({
      isIntact: false,
      fault: { sequence, message: expect.stringContaining(message) },
    });
  });
});

describe('an exported trail', () => {
  it('can be verified without the program’s database, and does not replace a file', async () => {
    const { history, trail } = await trailOfFive('exported');
    const file = join(folder, 'trail.jsonl');
    const verdict = await trail.export(file);
    expect(await verifyAuditFile(file)).toEqual(verdict);
    expect(await refusal(trail.export(file))).toMatchObject({ code: 'FILE_EXISTS' });
    history.close();
  });

  it('tells of a changed line, and a file that is none is refused', async () => {
    const { history, trail } = await trailOfFive('changed');
    const file = join(folder, 'changed.jsonl');
    await trail.export(file);
    history.close();
    writeFileSync(file, readFileSync(file, 'utf8').replace('run 4', 'run 9'));
    expect(await verifyAuditFile(file)).toMatchObject({ isIntact: false, fault: { sequence: 4 } });
    writeFileSync(file, 'hello\n');
    expect(await refusal(verifyAuditFile(file))).toMatchObject({
      code: 'AUDIT_FILE_INVALID',
      message: expect.stringContaining('line 1 is no entry'),
    });
  });
});
