import { type RunRequestInput, runRequest } from '../../src/contract/run-request.ts';
import type { NewRun } from '../../src/history/run-row.ts';

/** A run to put into a history; nothing is computed. */
export function newRun(changes: Partial<RunRequestInput> = {}, more: Partial<NewRun> = {}): NewRun {
  const request = runRequest.parse({
    name: 'run',
    modelDir: '/models/small',
    outDir: '/models/small-legal',
    settings: {},
    calibration: null,
    evaluation: { texts: [] },
    ...changes,
  });
  return {
    request,
    modelName: 'small',
    appVersion: '0',
    repeats: null,
    at: '2026-01-01T00:00:00.000Z',
    ...more,
  };
}
