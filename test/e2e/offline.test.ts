import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startDemo } from './harness/demo-run.ts';
import { hasDesktop } from './harness/desktop.ts';
import { launchPiped } from './harness/launch-piped.ts';

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
    const application = await launchPiped(withoutNetwork ?? [], home);
    try {
      const interfaces = readFileSync(`/proc/${application.process.pid}/net/dev`, 'utf8');
      expect(interfaces.match(/^\s*\w+:/gm)?.map((name) => name.trim())).toEqual(['lo:']);
      const finished = await startDemo(application);
      await finished();
    } finally {
      await application.close();
    }
  }, 300_000);
});
