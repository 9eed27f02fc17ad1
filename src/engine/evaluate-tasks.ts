import type { OnProgress } from '../contract/progress.ts';
import type { Checkpoint } from './checkpoint/checkpoint.ts';
import { openCheckpoint } from './checkpoint/open-checkpoint.ts';
import { measureTask } from './evaluation/tasks/measure-task.ts';
import { prepareTask } from './evaluation/tasks/prepare-task.ts';
import type { PreparedTask, TaskFacts, TaskOptions, TaskSource } from './evaluation/tasks/prepared-task.ts';
import { areSameItems } from './evaluation/tasks/same-items.ts';
import type { TaskOutcomes } from './evaluation/tasks/task-outcomes.ts';
import { type FigureResult, taskResult } from './evaluation/tasks/task-result.ts';
import { appVersion } from './run/app-version.ts';
import { modelFingerprint } from './run/fingerprint.ts';
import { type BackendName, currentBackend, openBackend } from './tensor/backend.ts';

export interface EvaluateTasksRequest extends TaskOptions {
  readonly modelDir: string;
  /** Another model, the dense one for instance, that the figures are compared with; null: none. */
  readonly againstDir: string | null;
  readonly tasks: readonly TaskSource[];
  readonly backend: BackendName | null;
}

export interface EvaluatedModel {
  readonly dir: string;
  readonly fingerprint: string;
}

export interface EvaluatedTask extends TaskFacts {
  readonly figures: readonly FigureResult[];
  /** Of the other model. */
  readonly againstFigures: readonly FigureResult[] | null;
  /** What a person should know. */
  readonly notes: readonly string[];
  readonly seconds: number;
}

export interface EvaluateTasksReport {
  readonly appVersion: string;
  readonly backend: string;
  readonly model: EvaluatedModel;
  readonly against: EvaluatedModel | null;
  readonly tasks: readonly EvaluatedTask[];
}

/**
 * Measures a model on tasks and, where another model is given, the other one on the same items too. All files are read before
 * anything is computed.
 * @throws UserError for anything the user can mend; Interrupted when `signal` is aborted
 */
export async function evaluateTasks(
  request: EvaluateTasksRequest,
  onProgress: OnProgress,
  signal?: AbortSignal,
): Promise<EvaluateTasksReport> {
  const model = await openCheckpoint(request.modelDir);
  try {
    const against = request.againstDir === null ? null : await openCheckpoint(request.againstDir);
    try {
      return await evaluateBoth(model, against, request, onProgress, signal);
    } finally {
      await against?.close();
    }
  } finally {
    await model.close();
  }
}

async function evaluateBoth(
  model: Checkpoint,
  against: Checkpoint | null,
  request: EvaluateTasksRequest,
  onProgress: OnProgress,
  signal: AbortSignal | undefined,
): Promise<EvaluateTasksReport> {
  const prepared = await prepareAll(model, request);
  const others = against && (await prepareAll(against, request));
  await openBackend(request.backend);
  const tasks: EvaluatedTask[] = [];
  for (const [i, task] of prepared.entries()) {
    const named = (whose: string): OnProgress => {
      return (progress) => onProgress({ ...progress, message: `${task.facts.label}${whose}` });
    };
    const startedAtMs = performance.now();
    const outcomes = await measureTask(model, task, named(''), signal);
    const other = others?.[i];
    const rival = against && other && (await measureTask(against, other, named(', other model'), signal));
    const seconds = (performance.now() - startedAtMs) / 1000;
    tasks.push(
      evaluatedTask(task, outcomes, other && rival ? { task: other, outcomes: rival } : null, seconds),
    );
  }
  return {
    appVersion,
    backend: currentBackend(),
    model: await describe(model),
    against: against && (await describe(against)),
    tasks,
  };
}

async function prepareAll(model: Checkpoint, { tasks, ...options }: EvaluateTasksRequest) {
  const prepared: PreparedTask[] = [];
  for (const source of tasks) prepared.push(await prepareTask(model, source, options));
  return prepared;
}

function evaluatedTask(
  { facts, content }: PreparedTask,
  outcomes: TaskOutcomes,
  rival: { readonly task: PreparedTask; readonly outcomes: TaskOutcomes } | null,
  seconds: number,
): EvaluatedTask {
  const paired = rival && areSameItems(content, rival.task.content) ? rival.outcomes : null;
  const { definition: task } = facts;
  return {
    ...facts,
    figures: taskResult(task, outcomes, paired, facts.seed),
    againstFigures: rival && taskResult(task, rival.outcomes, null, facts.seed),
    notes: rival && !paired ? [UNPAIRED] : [],
    seconds,
  };
}

const UNPAIRED =
  'The two models have different tokenizers and so cut the text into different tokens: their perplexities cannot be compared.';

const describe = async (model: Checkpoint): Promise<EvaluatedModel> => ({
  dir: model.dir,
  fingerprint: await modelFingerprint(model),
});
