import { readdirSync } from 'node:fs';
import { expect } from 'vitest';
import type { RunDetail, RunSummary } from '../../../src/contract/run.ts';
import type { RunRequest } from '../../../src/contract/run-request.ts';
import { eventually } from './eventually.ts';
import type { PipedApplication } from './pipe-debugger.ts';

/** Starts the demo. @returns what waits for its end and expects a finished run with a model */
export async function startDemo(application: PipedApplication): Promise<() => Promise<void>> {
  const request = (await application.ask('runs.demoRequest', {})) as RunRequest;
  const { id } = (await application.ask('runs.start', request)) as RunSummary;
  return async () => {
    const run = (await eventually(
      () => application.ask('runs.get', { runId: id }),
      (detail) => !['queued', 'running'].includes((detail as RunDetail).summary.status),
      240_000,
    )) as RunDetail;
    expect(run.summary.status).toBe('finished');
    expect(readdirSync(request.outDir)).toContain('dpruner.json');
  };
}
