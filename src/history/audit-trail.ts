import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { type Kysely, type Selectable, sql } from 'kysely';
import { type AUDIT_ACTIONS, type AuditEntry, type AuditVerdict, auditEntry } from '../contract/audit.ts';
import { UserError } from '../contract/error.ts';
import { FIRST_PREVIOUS_HASH, hashOf, verifyChain } from './audit-chain.ts';
import type { Tables } from './tables.ts';

export type AuditAction = (typeof AUDIT_ACTIONS)[number];

const PAGE = 500;

/** Who did what on which data. It only grows. */
export class AuditTrail {
  private readonly query: Kysely<Tables>;
  private readonly who: string;
  /** Entries are chained: one after the other. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(query: Kysely<Tables>, who: string) {
    this.query = query;
    this.who = who;
  }

  /** @param details files by path and hash, settings, versions: what `JSON.stringify` can write, and never text */
  append(
    action: AuditAction,
    subject: string,
    details: Readonly<Record<string, unknown>>,
  ): Promise<AuditEntry> {
    const appended = this.last.then(() => this.write(action, subject, details));
    this.last = appended.catch(() => {});
    return appended;
  }

  private write(action: AuditAction, subject: string, details: Readonly<Record<string, unknown>>) {
    return this.query.transaction().execute(async (transaction) => {
      const previous = await transaction
        .selectFrom('audit')
        .select(['sequence', 'hash'])
        .orderBy('sequence', 'desc')
        .limit(1)
        .executeTakeFirst();
      const entry = {
        sequence: (previous?.sequence ?? 0) + 1,
        at: new Date().toISOString(),
        who: this.who,
        action,
        subject,
        // As it will be read back: dates as text, nothing undefined.
        details: JSON.parse(JSON.stringify(details)) as Record<string, unknown>,
        previousHash: previous?.hash ?? FIRST_PREVIOUS_HASH,
      };
      const hash = hashOf(entry);
      const { previousHash, ...rest } = entry;
      await transaction
        .insertInto('audit')
        .values({ ...rest, details: JSON.stringify(entry.details), previous_hash: previousHash, hash })
        .execute();
      return { ...entry, hash };
    });
  }

  /** Newest first. */
  async list({ text, offset, limit }: { text: string; offset: number; limit: number }) {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const matching = words.reduce(
      (rows, word) => rows.where(sql<boolean>`instr(lower(action || ' ' || subject || ' ' || who), ${word})`),
      this.query.selectFrom('audit'),
    );
    const { total } = await matching
      .select(({ fn }) => fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow();
    const rows = await matching.selectAll().orderBy('sequence', 'desc').limit(limit).offset(offset).execute();
    return { total, entries: rows.map(toEntry) };
  }

  async verify(): Promise<AuditVerdict> {
    const counter = await this.query
      .selectFrom('sqlite_sequence')
      .select('seq')
      .where('name', '=', 'audit')
      .executeTakeFirst();
    return verifyChain(this.entries(), counter?.seq ?? 0);
  }

  /** Writes the trail as JSON lines. @throws UserError FILE_EXISTS */
  async export(file: string): Promise<AuditVerdict> {
    const verdict = await this.verify();
    const handle = await open(file, 'wx', 0o600).catch((error) => {
      throw explainOpenError(error, file);
    });
    try {
      for await (const entry of this.entries()) await handle.write(`${JSON.stringify(entry)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    return verdict;
  }

  private async *entries(): AsyncGenerator<AuditEntry> {
    for (let after = 0; ; ) {
      const rows = await this.query
        .selectFrom('audit')
        .selectAll()
        .where('sequence', '>', after)
        .orderBy('sequence')
        .limit(PAGE)
        .execute();
      yield* rows.map(toEntry);
      const last = rows.at(-1);
      if (!last) return;
      after = last.sequence;
    }
  }
}

/** Verifies an exported trail. @throws UserError AUDIT_FILE_INVALID */
export function verifyAuditFile(file: string): Promise<AuditVerdict> {
  return verifyChain(readAuditFile(file), null);
}

async function* readAuditFile(file: string): AsyncGenerator<AuditEntry> {
  let number = 0;
  const invalid = (reason: string) =>
    new UserError(
      'AUDIT_FILE_INVALID',
      `${file}: ${reason}.`,
      'Choose a file that was exported from the audit trail.',
    );
  try {
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
      number++;
      const parsed = auditEntry.safeParse(parseOrNull(line));
      if (!parsed.success) throw invalid(`line ${number} is no entry of an audit trail`);
      yield parsed.data;
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw invalid(`the file cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

function parseOrNull(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

const toEntry = ({ previous_hash, details, ...row }: Selectable<Tables['audit']>): AuditEntry => ({
  ...row,
  action: row.action as AuditAction,
  details: JSON.parse(details) as Record<string, unknown>,
  previousHash: previous_hash,
});

function explainOpenError(error: NodeJS.ErrnoException, file: string): unknown {
  if (error.code === 'EEXIST') {
    return new UserError('FILE_EXISTS', `${file} is there already.`, 'Choose another name.');
  }
  return new UserError(
    'FILE_NOT_WRITABLE',
    `${file} cannot be written (${error.code}).`,
    'Choose a folder in which you may create files.',
  );
}
