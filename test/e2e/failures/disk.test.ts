import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mountSmallDisk } from '../../engine/checkpoint/full-disk.ts';
import { hasDesktop } from '../harness/desktop.ts';
import { type Application, launchApplication } from '../harness/launch.ts';
import { AT_WORK, button, read, untilRunIsShown, verdictOf } from '../harness/window.ts';

const folder = mkdtempSync(join(tmpdir(), 'dpruner-e2e-disk-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
/** Less than the demo's pruned model. */
const disk = hasDesktop ? mountSmallDisk(join(folder, 'small'), 2048) : null;
const home = join(folder, 'home');
const dataDisk = hasDesktop ? mountSmallDisk(join(home, 'data'), 8192) : null;

describe.skipIf(!disk)('an output disk that is too small (needs the right to mount one)', () => {
  let application: Application;
  beforeAll(async () => {
    application = await launchApplication();
  });
  afterAll(() => application?.close());

  it('is told of before the run; a run that is started all the same says what to do, and ends once there is room', async () => {
    const { page } = application;
    await button(page, 'Go through its steps first').click();
    await button(page, 'Next').click();
    await button(page, /^Expert/).click();
    await page.getByLabel('Domain samples').fill('24');
    await page.getByLabel('General samples').fill('16');
    await button(page, 'Next').click();
    await page.getByLabel('Only the first').fill('1000');
    await button(page, 'Next').click();
    await page.getByLabel('Folder, which is not there yet').fill(join(disk ?? '', 'pruned'));
    const warning = page.getByRole('alert').filter({ hasText: 'DISK_SHORT' });
    const told = await read(warning, AT_WORK);
    expect(told).toMatch(/too little space at .*small.*: about \d+ MiB are needed and 2 MiB are free/);
    expect(told).toContain('choose an output folder on another disk');

    await button(page, 'Start the run').click();
    await untilRunIsShown(page, 'Demo: legal');
    const verdict = await verdictOf(page);
    expect(verdict).toContain('DISK_FULL');
    expect(verdict).toContain(disk);
    execFileSync('mount', ['-o', 'remount,size=64m', disk ?? '']);
    await button(page, 'Try again').click();
    await page.getByText('DISK_FULL').waitFor({ state: 'detached' });
    expect(await verdictOf(page)).toContain('Finished');
  }, 600_000);
});

describe.skipIf(!dataDisk)('a data folder on a disk that is too small (needs the right to mount one)', () => {
  let application: Application;
  beforeAll(async () => {
    application = await launchApplication({ home });
  });
  afterAll(() => application?.close());

  it('is told of before the run, and checked again once there is room', async () => {
    const { page } = application;
    await button(page, 'Go through its steps first').click();
    for (const title of ['What is it for?', 'Which texts?', 'Will it fit?']) {
      await button(page, 'Next').click();
      await page.getByRole('heading', { name: title }).waitFor();
    }
    const warning = page.getByRole('alert').filter({ hasText: 'choose a data folder on another disk' });
    expect(await read(warning, AT_WORK)).toContain('DISK_SHORT');
    expect(await page.getByText('UNEXPECTED').count()).toBe(0);
    execFileSync('mount', ['-o', 'remount,size=400m', dataDisk ?? '']);
    await button(page, 'Check again').click();
    await page.getByText(/^The run will take/).waitFor(AT_WORK);
    expect(await warning.count()).toBe(0);
  }, 600_000);
});
