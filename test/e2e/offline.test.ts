import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { RunDetail, RunSummary } from '../../src/contract/run.ts';
import type { RunRequest } from '../../src/contract/run-request.ts';
import { hasDesktop } from './harness/desktop.ts';
import { eventually } from './harness/eventually.ts';
import { PipedApplication } from './harness/pipe-debugger.ts';

/**
 * A new network namespace holds one interface, the machine's own, which is down; nothing can be sent anywhere. Who is not
 * root needs a user namespace around it, which some systems forbid.
 */
const withoutNetwork = [
  ['unshare', '--net'],
  ['unshare', '--map-current-user', '--net'],
].find(([program = '', ...options]) => spawnSync(program, [...options, 'true']).status === 0);

describe.skipIf(!hasDesktop || !withoutNetwork)('without any network interface', () => {
  const home = mkdtempSync(join(tmpdir(), 'dpruner-e2e-offline-'));
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  it('a run goes from the demo model to results', async () => {
    const application = await PipedApplication.launch(withoutNetwork ?? [], home);
    try {
      const interfaces = readFileSync(`/proc/${application.process.pid}/net/dev`, 'utf8');
      expect(interfaces.match(/^\s*\w+:/gm)?.map((name) => name.trim())).toEqual(['lo:']);
      const request = (await application.ask('runs.demoRequest', {})) as RunRequest;
      const { id } = (await application.ask('runs.start', request)) as RunSummary;
      const run = (await eventually(
        () => application.ask('runs.get', { runId: id }),
        (detail) => !['queued', 'running'].includes((detail as RunDetail).summary.status),
        240_000,
      )) as RunDetail;
      expect(run.summary.status).toBe('finished');
      expect(readdirSync(request.outDir)).toContain('dpruner.json');
    } finally {
      await application.close();
    }
  }, 300_000);
});
