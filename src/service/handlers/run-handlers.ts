import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UserError } from '../../contract/error.ts';
import type { RunDetail } from '../../contract/run.ts';
import { type RunRequest, runRequest } from '../../contract/run-request.ts';
import { appVersion } from '../../engine/run/app-version.ts';
import { listRuns } from '../../history/run-list.ts';
import { DEMO_MODEL, demoRequest } from '../demo.ts';
import type { Emit } from '../events.ts';
import type { Keeper } from '../keeper.ts';
import type { OutputFolders } from '../runs/output-folders.ts';
import { removeRun } from '../runs/remove-run.ts';
import { folderBytes } from '../runs/run-files.ts';
import { filesOf } from '../runs/run-inputs.ts';
import type { RunQueue } from '../runs/run-work.ts';
import type { TaskRunner } from '../tasks/task-runner.ts';
import { subject } from '../work/work-queue.ts';
import type { HandlersOf } from './handlers.ts';

export function runHandlers(
  keeper: Keeper,
  queue: RunQueue,
  outputs: OutputFolders,
  tasks: TaskRunner,
  emit: Emit,
): HandlersOf<'runs'> {
  const { runs, audit, folders, history, models, policy } = keeper;

  const start = async (request: RunRequest, repeats: number | null) => {
    policy.assertAllowed(request.modelDir, request.outDir, ...filesOf(request).map(({ path }) => path));
    const modelName =
      resolve(request.modelDir) === resolve(DEMO_MODEL)
        ? 'Demo model'
        : await models.nameOf(request.modelDir);
    const { summary } = await outputs.claim(request.outDir, () =>
      runs.add({ request, modelName, appVersion, repeats, at: new Date().toISOString() }),
    );
    await audit.append('run.queued', subject('run', summary), {
      model: request.modelDir,
      data: filesOf(request),
      ...(repeats !== null && { repeats }),
    });
    emit('run.changed', summary);
    void queue.next();
    return summary;
  };

  const detail = async (runId: number): Promise<RunDetail> => {
    const run = await runs.get(runId);
    const { summary, request } = run;
    const hasFolder = existsSync(folders.engineRun(runId));
    return {
      summary: queue.live(summary),
      request,
      runDir: hasFolder ? folders.engineRun(runId) : null,
      runBytes: await folderBytes(folders.run(runId)),
      outBytes: run.outcome.report ? await folderBytes(summary.outDir) : 0,
      queuePosition: await runs.queuePosition(runId),
      appVersion: run.appVersion,
      repeats: run.repeats,
    };
  };

  return {
    'runs.start': (request) => start(request, null),
    'runs.demoRequest': async () => {
      const unfinished = await runs.withStatus('queued', 'running', 'paused', 'interrupted', 'failed');
      const promised = unfinished.map(({ summary }) => summary.outDir);
      return demoRequest(join(folders.data, 'models'), promised);
    },
    'runs.list': async (query) => {
      const page = await listRuns(history.query, query);
      return { ...page, runs: page.runs.map((run) => queue.live(run)) };
    },
    'runs.get': ({ runId }) => detail(runId),
    'runs.progress': ({ runId }) => queue.progressOf(runId),
    'runs.pause': ({ runId }) => queue.pause(runId),
    'runs.resume': ({ runId }) => queue.resume(runId),
    'runs.cancel': ({ runId }) => queue.cancel(runId),
    'runs.rename': async ({ runId, name }) => {
      const { summary } = await runs.rename(runId, name);
      const live = queue.live(summary);
      emit('run.changed', live);
      return live;
    },
    'runs.remove': async ({ runId, withOutput }) => {
      const freedBytes = await removeRun(keeper, runId, { withOutput, action: 'run.removed' });
      emit('run.removed', { runId });
      return { freedBytes };
    },
    'runs.again': async ({ runId, outDir }) => {
      const { request, outcome, summary } = await runs.get(runId);
      const known = await runs.datasetsOf(runId);
      const now = await tasks.run('hash-inputs', request);
      const changed = known.find(({ path, sha256 }) =>
        now.some((use) => use.path === path && use.sha256 !== sha256),
      );
      if (changed) throw changedSince('DATA_CHANGED', changed.path, summary.name);
      const { fingerprint, problems } = await tasks.run('inspect-model', { dir: request.modelDir });
      const [problem] = problems;
      if (problem) throw new UserError(problem.code, problem.message, problem.fix);
      const before = outcome.report?.modelFingerprint ?? fingerprint;
      if (fingerprint !== before) throw changedSince('MODEL_CHANGED', request.modelDir, summary.name);
      return start(runRequest.parse({ ...request, outDir }), runId);
    },
  };
}

const changedSince = (code: 'DATA_CHANGED' | 'MODEL_CHANGED', path: string, name: string) =>
  new UserError(
    code,
    `${path} is not what it was when “${name}” ran, so the run cannot be repeated identically.`,
    'Put the original back, or start a new run with the present files.',
  );
