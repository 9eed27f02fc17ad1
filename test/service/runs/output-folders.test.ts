import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusal } from '../../engine/checkpoint/refusal.ts';
import { temporaryFolder } from '../../engine/checkpoint/temporary-folder.ts';
import { type ServiceProcess, services } from '../service-process.ts';
import { smallRun } from '../small-run.ts';

const folder = temporaryFolder();
const at = (name: string) => join(folder, name);
const started = services();
afterAll(started.killAll);

let service: ServiceProcess;
let runId: number;
beforeAll(async () => {
  service = await started.start(at('data'));
  ({ id: runId } = await service.request('runs.start', smallRun(at('first'))));
  await service.untilStatus(runId, 'finished', 'failed');
});
const start = (outDir: string) => service.request('runs.start', smallRun(outDir));
const startExport = (outDir: string) =>
  service.request('exports.start', { runId, outDir, changes: { sparsity: 0.3 } });

describe('an output folder', () => {
  it('is refused at once where something is there, for runs and for exports', async () => {
    for (const begin of [start, startExport]) {
      expect(await refusal(begin(at('first')))).toMatchObject({
        ...{ code: 'OUTPUT_EXISTS', message: `${at('first')} is there already.` },
      });
    }
  });

  it('is promised to one run, were it asked for twice in one moment, until that is given up', async () => {
    const tries = await Promise.allSettled([start(at('wanted')), start(at('wanted'))]);
    expect(tries.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    const [first] = tries;
    const { id } = first?.status === 'fulfilled' ? first.value : { id: 0 };
    await service.request('runs.pause', { runId: id }).catch(() => {});
    await service.untilStatus(id, 'paused');
    mkdirSync(at('real'));
    symlinkSync(folder, at('real/link'));
    for (const same of [at('wanted'), at('real/link/wanted'), at('other/../wanted/')]) {
      for (const begin of [start, startExport]) {
        expect(await refusal(begin(same))).toMatchObject({
          code: 'OUTPUT_PROMISED',
          message: expect.stringContaining(`is the output folder of run ${id}, “Small”, which is paused.`),
        });
      }
    }
    expect(await refusal(start(at('wanted/within')))).toMatchObject({
      ...{ code: 'OUTPUT_PROMISED', message: expect.stringContaining(`${at('wanted')} overlap`) },
    });
    await service.request('runs.cancel', { runId: id });
    const again = await start(at('wanted'));
    await service.request('runs.cancel', { runId: again.id });
  });

  it('is promised to an export while that is written', async () => {
    const { id } = await startExport(at('export'));
    expect(await refusal(start(at('export')))).toMatchObject({
      code: 'OUTPUT_PROMISED',
      message: `${at('export')} is the output folder of an export of run ${runId}, which is being written.`,
    });
    await service.request('exports.cancel', { exportId: id });
    await service.until(() => service.last('export.changed')?.status === 'cancelled');
  });
});
