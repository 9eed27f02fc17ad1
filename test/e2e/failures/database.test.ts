import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask } from '../harness/ask.ts';
import { hasDesktop } from '../harness/desktop.ts';
import { type Application, launchApplication } from '../harness/launch.ts';
import { button, read, screenLink } from '../harness/window.ts';

describe.skipIf(!hasDesktop)('a run history that cannot be used', () => {
  let application: Application | null = null;
  let home: string;
  let database: string;
  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), 'dpruner-e2e-database-'));
    database = join(home, 'data', 'd-pruner', 'history.sqlite');
    // A history with something in it.
    application = await launchApplication({ home });
    await ask(application.page, 'settings.change', { retentionDays: 77 });
    await application.close();
    application = null;
  });
  afterEach(async () => {
    await application?.close();
    application = null;
    rmSync(home, { recursive: true, force: true });
  });

  it('because another process holds it says so, and is as it was once that process lets go', async () => {
    const other = new Sqlite(database);
    try {
      other.exec('BEGIN EXCLUSIVE');
      application = await launchApplication({ home });
      const told = await banner(application.page);
      expect(told).toContain(`The run history ${database} is in use by another program.`);
      expect(told).toContain('Close the other D-Pruner Desktop');
      expect(told).toContain('DATABASE_BUSY');
    } finally {
      other.close();
    }
    await startAgain(application.page);
    await screenLink(application.page, 'Settings').click();
    await application.page.waitForFunction(() =>
      [...document.querySelectorAll('input')].some(({ value }) => value === '77'),
    );
  });

  it('because it is damaged says so, is left byte for byte as it is, and can be moved aside for a new one', async () => {
    damage(database);
    const found = readFileSync(database);
    application = await launchApplication({ home });
    const { page } = application;
    const told = await banner(page);
    expect(told).toContain(`The run history ${database} is damaged`);
    expect(told).toContain('Nothing in it was changed or deleted.');
    expect(told).toContain('Move it aside');
    expect(told).toContain('DATABASE_CORRUPT');
    await button(page, 'Start it again').click();
    expect(await banner(page)).toBe(told);
    await application.close();
    expect(readFileSync(database).equals(found)).toBe(true);

    for (const end of ['', '-wal', '-shm']) {
      if (existsSync(database + end)) renameSync(database + end, `${database}.aside${end}`);
    }
    application = await launchApplication({ home });
    await application.page.getByText('See a whole run in a minute or two').waitFor();
  });

  const banner = (page: Page): Promise<string> =>
    read(page.getByRole('alert').filter({ hasText: 'The pruning service is not running' }));

  async function startAgain(page: Page): Promise<void> {
    await button(page, 'Start it again').click();
    await page.getByText('See a whole run in a minute or two').waitFor();
    expect(await page.getByText('The pruning service is not running').count()).toBe(0);
  }
});

/** Spoils every page but the first, so that it still looks like a database. */
function damage(file: string): void {
  const bytes = readFileSync(file);
  bytes.fill(0xa5, 4096);
  writeFileSync(file, bytes);
}
