import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { temporaryFolder } from '../engine/checkpoint/temporary-folder.ts';
import { services } from './service-process.ts';

const started = services();
afterAll(started.killAll);

it('the demo asked for a second time, while the first is still to be done, takes another folder', async () => {
  const service = await started.start(join(temporaryFolder(), 'data'));
  const first = await service.request('runs.demoRequest', {});
  const { id } = await service.request('runs.start', first);
  const second = await service.request('runs.demoRequest', {});
  expect(second).toEqual({ ...first, outDir: `${first.outDir}-2` });
  await service.request('runs.cancel', { runId: id });
  await service.untilStatus(id, 'cancelled');
  expect(existsSync(first.outDir)).toBe(false);
  expect(await service.request('runs.demoRequest', {})).toEqual(first);
});
