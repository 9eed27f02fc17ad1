import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { ExperimentReport } from '../../../src/contract/experiment.ts';
import { readExperiment } from '../../../src/service/experiments/read-experiment.ts';

const folder = mkdtempSync(join(tmpdir(), 'dpruner-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const report: ExperimentReport = {
  format: 1,
  experiment: 'sparsity',
  title: 'Sparsity',
  appVersion: '0.1.0',
  finishedAt: '2026-01-01T00:00:00.000Z',
  modelDir: '/models/toy',
  modelFingerprint: 'f',
  backend: 'cpu',
  settings: null,
  texts: [],
  tasks: [],
  calibrations: [],
  seconds: { scoring: 1, pruning: 1, measuring: 1 },
  tables: [{ title: 'Sparsity', columns: [{ name: 'point', kind: 'text' }], rows: [['dense']] }],
  plots: [],
  remarks: [],
};

function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

describe('a report of an experiment', () => {
  it('is read as it was written', async () => {
    expect(await readExperiment(write('report.json', JSON.stringify(report)))).toEqual(report);
  });

  it('is refused with what is wrong: another file, a missing one, another form', async () => {
    const refused = [
      [write('text.json', 'not JSON'), 'it is not JSON'],
      [join(folder, 'missing.json'), 'it cannot be read (ENOENT)'],
      [write('other.json', JSON.stringify({ ...report, format: 2 })), 'format: '],
      [write('empty.json', JSON.stringify({ ...report, tables: [] })), 'tables: '],
    ] as const;
    for (const [file, reason] of refused) {
      await expect(readExperiment(file)).rejects.toMatchObject({
        code: 'EXPERIMENT_INVALID',
        message: expect.stringContaining(reason),
      });
    }
  });
});
