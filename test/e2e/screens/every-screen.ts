import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { RunRequest } from '../../../src/contract/run-request.ts';
import { ask } from '../harness/ask.ts';
import { eventually } from '../harness/eventually.ts';
import { type Camera, settle } from './camera.ts';

/**
 * Tests that go to every screen, with something on each, in an application that has just been started for the first time.
 * What the camera finds wrong with a screen fails its test.
 */
export function testEveryScreen(page: () => Page, camera: () => Camera): void {
  const go = async (path: string) => {
    await page().evaluate((path) => {
      window.location.hash = path;
    }, path);
    await page().waitForTimeout(300);
    await settle(page());
  };
  const button = (name: string | RegExp) => page().getByRole('button', { name });
  const isThere = (text: string | RegExp) => page().getByText(text).first().waitFor();

  it('home on the first start', async () => {
    await button('Run the demo').waitFor();
    expect(await camera().take('home-first')).toEqual([]);
  });

  it('a history without runs', async () => {
    await go('/runs');
    await isThere('No runs yet');
    expect(await camera().take('history-empty')).toEqual([]);
    await go('/');
  });

  it('the steps of the wizard', async () => {
    await button('Go through its steps first').click();
    await page().getByRole('heading', { name: 'Which model?' }).waitFor();
    await page().getByText('Comes with the application', { exact: true }).waitFor();
    expect(await camera().take('wizard-1-model')).toEqual([]);
    await button('Next').click();
    await button(/^Expert/).click();
    await page().getByRole('switch', { name: 'Compensation' }).check();
    expect(await camera().take('wizard-2-domain')).toEqual([]);
    await button('Edit parts…').click();
    expect(await camera().take('wizard-2-parts')).toEqual([]);
    await page().keyboard.press('Escape');
    await button('Next').click();
    await button('Preview some records').first().click();
    await isThere('Masked: every letter is an x');
    expect(await camera().take('wizard-3-data')).toEqual([]);
    await button('Next').click();
    await isThere(/^The run will take/);
    expect(await camera().take('wizard-4-hardware')).toEqual([]);
  });

  it('a run at work, waiting and ended', async () => {
    const request = await ask(page(), 'runs.demoRequest', {});
    const { id } = await ask(page(), 'runs.start', longer(request));
    const waiting = await ask(page(), 'runs.start', {
      ...request,
      name: 'Demo: more of the domain',
      outDir: `${request.outDir}-more`,
    });
    await go(`/runs/${id}`);
    await isThere('Resident memory of the run');
    expect(await camera().take('run-at-work')).toEqual([]);
    expect((await ask(page(), 'runs.get', { runId: id })).summary.status).toBe('running');
    await go(`/runs/${waiting.id}`);
    await isThere('in the queue');
    expect(await camera().take('run-waiting')).toEqual([]);
    await ask(page(), 'runs.cancel', { runId: waiting.id });
    const doomed = await withVanishingText(request);
    await ask(page(), 'runs.pause', { runId: id });
    await go(`/runs/${id}`);
    await isThere('Resume goes on from there');
    expect(await camera().take('run-paused')).toEqual([]);
    await go(`/runs/${doomed}`);
    await isThere('DATA_UNREADABLE');
    expect(await camera().take('run-failed')).toEqual([]);
    await ask(page(), 'runs.cancel', { runId: doomed });
    await ask(page(), 'runs.cancel', { runId: id });
    await go(`/runs/${id}`);
    await isThere('The run was given up');
    expect(await camera().take('run-cancelled')).toEqual([]);
  });

  let first: number;
  let second: number;
  it('a run that has ended', async () => {
    [first, second] = [await runDemo('Demo: legal', {}), await runDemo('More of the domain', { mu: 0.9 })];
    for (const sparsity of [0.3, 0.7]) await exportMeasured(first, sparsity);
    await go(`/runs/${first}`);
    expect(await camera().take('run-finished')).toEqual([]);
  });

  it('results and export', async () => {
    await go(`/runs/${first}/results`);
    await isThere('By layer and module: ');
    await page().getByLabel('A text to go on with').fill('Permission is hereby granted, free of charge,');
    await button('Let both go on').click();
    await page().getByRole('heading', { name: 'The pruned model' }).waitFor();
    await page().getByRole('button', { name: 'Times, versions and hashes' }).click();
    expect(await camera().take('results')).toEqual([]);
    await go(`/runs/${first}/export`);
    expect(await camera().take('export')).toEqual([]);
  });

  it('history and comparison', async () => {
    await go('/runs');
    expect(await camera().take('history')).toEqual([]);
    await button('Actions for More of the domain').click();
    await page().getByRole('menuitem', { name: 'Rename…' }).waitFor();
    expect(await camera().take('history-menu')).toEqual([]);
    await page().keyboard.press('Escape');
    await page().getByRole('checkbox').nth(1).check();
    await page().getByRole('checkbox').nth(2).check();
    expect(await camera().take('history-ticked')).toEqual([]);
    await button('Delete…').click();
    expect(await camera().take('history-delete')).toEqual([]);
    await page().keyboard.press('Escape');
    await go(`/runs/compare?ids=${first},${second}`);
    await isThere('By layer and module: ');
    expect(await camera().take('compare')).toEqual([]);
  });

  it.each(['experiments', 'models', 'settings', 'audit', 'about'])('%s', async (name) => {
    await go(`/${name}`);
    expect(await camera().take(name)).toEqual([]);
  });

  it('a line of the audit trail with all that it holds', async () => {
    await go('/audit');
    await page().getByLabel('Search the trail').fill('run.started');
    await button(/^Details of line/)
      .first()
      .click();
    await isThere('data 1, sha256');
    expect(await camera().take('audit-details')).toEqual([]);
  });

  it('home with runs', async () => {
    await go('/');
    await isThere('Latest runs');
    expect(await camera().take('home')).toEqual([]);
  });

  /** @returns a run that waits, and whose text is gone when its turn comes */
  async function withVanishingText(request: RunRequest): Promise<number> {
    const folder = mkdtempSync(join(tmpdir(), 'dpruner-vanishing-'));
    const file = join(folder, 'ward-letters.txt');
    const { evaluation } = request;
    const [text] = evaluation.texts;
    if (!text) throw new Error('the demo measures on texts');
    copyFileSync(text.file, file);
    const { id } = await ask(page(), 'runs.start', {
      ...{ ...request, name: 'On a file that was moved', outDir: `${request.outDir}-doomed` },
      evaluation: { ...evaluation, texts: [{ ...text, file }] },
    });
    rmSync(folder, { recursive: true });
    return id;
  }

  async function runDemo(name: string, settings: Partial<RunRequest['settings']>): Promise<number> {
    const request = await ask(page(), 'runs.demoRequest', {});
    const { id } = await ask(page(), 'runs.start', {
      ...request,
      name,
      settings: { ...request.settings, ...settings },
    });
    const { summary } = await eventually(
      () => ask(page(), 'runs.get', { runId: id }),
      ({ summary }) => !['queued', 'running'].includes(summary.status),
      120_000,
    );
    expect(summary.status).toBe('finished');
    return id;
  }

  async function exportMeasured(runId: number, sparsity: number): Promise<void> {
    const { request } = await ask(page(), 'runs.get', { runId });
    await ask(page(), 'exports.start', {
      runId,
      outDir: `${request.outDir}-${100 * sparsity}`,
      changes: { sparsity },
      measure: true,
    });
    const exports = await eventually(
      () => ask(page(), 'exports.list', { runId }),
      (list) => list.every(({ status }) => status !== 'running'),
      60_000,
    );
    expect(exports.map(({ status }) => status)).not.toContain('failed');
  }
}

/** The demo on many more samples, so that it is still at work when the last picture is taken. */
const longer = (request: RunRequest): RunRequest => ({
  ...request,
  name: 'Demo at work',
  settings: { ...request.settings, criterion: 'balanced', samples: 120, openSamples: 120 },
});
