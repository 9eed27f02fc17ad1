/**
 * The service: a plain Node 24 program that the main process starts with an IPC channel (src/contract/README.md). It keeps the
 * history, answers requests, and has runs, exports and lengthy questions done by processes of their own.
 */
import { appVersion } from '../engine/run/app-version.ts';
import { explainDatabaseError } from '../history/database-error.ts';
import { answerRequests, emit, send } from './channel.ts';
import { experimentWork } from './experiments/experiment-work.ts';
import type { Folders } from './folders.ts';
import { administrationHandlers } from './handlers/administration-handlers.ts';
import { dataHandlers } from './handlers/data-handlers.ts';
import { experimentHandlers } from './handlers/experiment-handlers.ts';
import { exportHandlers } from './handlers/export-handlers.ts';
import type { Handlers } from './handlers/handlers.ts';
import { modelHandlers } from './handlers/model-handlers.ts';
import { presetHandlers } from './handlers/preset-handlers.ts';
import { resultHandlers } from './handlers/result-handlers.ts';
import { runHandlers } from './handlers/run-handlers.ts';
import { taskHandlers } from './handlers/task-handlers.ts';
import type { Keeper } from './keeper.ts';
import { type Log, openLog } from './log.ts';
import { openKeeper } from './open-keeper.ts';
import { ExportDesk } from './runs/export-desk.ts';
import { OutputFolders } from './runs/output-folders.ts';
import { recover } from './runs/recovery.ts';
import { keepRetention } from './runs/retention.ts';
import { runWork } from './runs/run-work.ts';
import { readStartOptions } from './start-options.ts';
import { TaskRunner } from './tasks/task-runner.ts';
import { framesOf, toProblem } from './to-problem.ts';
import { WorkQueue } from './work/work-queue.ts';
import { Workbench } from './work/workbench.ts';

/** How long a run at work may take to come to the end of its step before it is ended; it is resumed all the same. */
const STOP_PATIENCE_MS = 3000;
/** Time for the last reply to leave the process. */
const REPLY_MS = 50;

let log = null as Log | null; // opened as soon as its folder is known
let places = null as Folders | null;
try {
  await start();
} catch (error) {
  const problem = toProblem(
    places ? explainDatabaseError(error, places.databaseFile, places.backups) : error,
  );
  log?.error('the service cannot start', { code: problem.code, where: framesOf(error) });
  if (!process.connected) process.stderr.write(`${problem.message}\nWhat to do: ${problem.fix}\n`);
  process.exitCode = 1;
  send({ kind: 'event', name: 'service.failed', payload: problem });
  if (process.connected) process.disconnect();
}

async function start(): Promise<void> {
  const { policy, folders } = readStartOptions(process.argv.slice(2));
  places = folders;
  folders.create();
  log = openLog(folders.logs);
  const keeper = openKeeper(folders, policy, log);
  let stopped: Promise<void> | null = null;
  const tasks = new TaskRunner(log, folders.temporaryOfTasks);
  const tellActivity = () => {
    if (stopped === null) void sayActivity(keeper, [queue, experiments]);
  };
  const { interrupted, cleaned } = await recover(keeper);
  const bench = new Workbench(
    (error) => keeper.log.error('waiting work could not be begun', { where: framesOf(error) }),
    cleaned,
  );
  // Runs go first: their queue stands first at the bench.
  const queue = new WorkQueue(runWork(keeper, emit), bench, keeper, tellActivity);
  const experiments = new WorkQueue(experimentWork(keeper, emit), bench, keeper, tellActivity);
  const desk = new ExportDesk(keeper, emit);
  const outputs = new OutputFolders(keeper);
  const retention = keepRetention(keeper, emit);

  const stopOnce = async () => {
    retention.stop();
    tasks.kill();
    await Promise.all([queue.close(STOP_PATIENCE_MS), experiments.close(STOP_PATIENCE_MS), desk.close()]);
    keeper.history.close();
    log?.info('service stopped');
  };
  const stop = () => {
    stopped ??= stopOnce();
    return stopped;
  };
  const runs = runHandlers(keeper, queue, outputs, tasks, emit);
  const handlers: Handlers = {
    ...modelHandlers(keeper, tasks),
    ...presetHandlers(keeper),
    ...taskHandlers(),
    ...dataHandlers(keeper, tasks),
    ...runs,
    ...resultHandlers(keeper, tasks),
    ...experimentHandlers(keeper, experiments, emit),
    ...exportHandlers(keeper, desk, outputs, runs['runs.get']),
    ...administrationHandlers(keeper, emit),
    'app.info': async () => ({
      version: appVersion,
      node: process.version,
      dataFolder: folders.data,
      logFolder: folders.logs,
      databaseFile: folders.databaseFile,
      running: await keeper.runs.count('running'),
      queued: await keeper.runs.count('queued'),
      experiments: {
        running: await keeper.experiments.count('running'),
        queued: await keeper.experiments.count('queued'),
      },
      interrupted,
    }),
    'service.stop': async () => {
      await stop();
      setTimeout(() => process.exit(), REPLY_MS);
      return {};
    },
  };
  answerRequests(handlers, keeper);
  // Nobody is there to see a run; it is interrupted, and resumed when the person comes back.
  process.on('disconnect', () => void stop().finally(() => process.exit()));
  process.on('SIGTERM', () => void stop().finally(() => process.exit()));
  process.on('SIGINT', () => {});
  process.on('exit', () => {
    queue.kill();
    experiments.kill();
    desk.kill();
    tasks.kill();
  });
  await keeper.audit.append('service.started', `version ${appVersion}`, { interrupted: interrupted.length });
  log.info('service ready', { version: appVersion, node: process.version, interrupted: interrupted.length });
  emit('service.ready', { version: appVersion });
  void queue.next();
}

/** How much is at work and waiting. */
async function sayActivity(
  { runs, experiments, log }: Keeper,
  queues: readonly { readonly isAtWork: boolean }[],
): Promise<void> {
  try {
    const queued = (await runs.count('queued')) + (await experiments.count('queued'));
    emit('activity.changed', { running: queues.filter(({ isAtWork }) => isAtWork).length, queued });
  } catch (error) {
    log.error('waiting work could not be counted', { where: framesOf(error) });
  }
}
