import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { mountSmallDisk } from '../../engine/checkpoint/full-disk.ts';
import { temporaryFolder } from '../../engine/checkpoint/temporary-folder.ts';
import { services } from '../service-process.ts';
import { smallRun } from '../small-run.ts';

const folder = temporaryFolder();
const disk = mountSmallDisk(join(folder, 'disk'), 4096);
const started = services();
afterAll(started.killAll);

it.skipIf(!disk)(
  'a disk that is too full to measure on is told of all the same, only not the time (needs the right to mount one)',
  async () => {
    const service = await started.start(join(disk ?? '', 'data'));
    const request = smallRun(join(folder, 'out'));
    const report = await service.request('hardware.check', { request });
    expect(report.rows.find(({ id }) => id === 'scratch-disk')).toMatchObject({
      isOk: false,
      problem: { code: 'DISK_SHORT' },
    });
    expect(report).toMatchObject({ predictedMs: null, stages: [] });
  },
);
