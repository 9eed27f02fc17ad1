import type { OnProgress } from '../../contract/progress.ts';
import type { RunRequest } from '../../contract/run-request.ts';
import type { TaskResult } from '../../contract/task.ts';
import type { Checkpoint } from '../../engine/checkpoint/checkpoint.ts';
import { openCheckpoint } from '../../engine/checkpoint/open-checkpoint.ts';
import { measureTask } from '../../engine/evaluation/tasks/measure-task.ts';
import { prepareTask } from '../../engine/evaluation/tasks/prepare-task.ts';
import type { PreparedTask } from '../../engine/evaluation/tasks/prepared-task.ts';
import { type TaskOutcomes, taskOutcomes } from '../../engine/evaluation/tasks/task-outcomes.ts';
import { type FigureResult, taskResult } from '../../engine/evaluation/tasks/task-result.ts';
import { currentBackend, openBackend } from '../../engine/tensor/backend.ts';
import type { RunOutcome } from '../../history/run-outcome.ts';
import type { ProgressReport, RunStep } from './progress-report.ts';

export type MeasuredTask = RunOutcome['tasks'][number];

export interface MeasureTasksOptions {
  readonly request: RunRequest;
  readonly report: ProgressReport;
  readonly signal: AbortSignal;
}

/** The dense model on the tasks from `first` on; each is given on as soon as it is there. */
export async function* measureDense(
  first: number,
  options: MeasureTasksOptions,
): AsyncGenerator<MeasuredTask> {
  const { modelDir } = options.request;
  for await (const { prepared, outcomes } of measureEach(modelDir, 'measure-dense', first, options)) {
    yield { result: denseResult(prepared, outcomes), denseOutcomes: outcomes };
  }
}

/** The pruned model on the tasks from `first` on, set beside what the dense one made of them. */
export async function* measurePruned(
  measured: readonly MeasuredTask[],
  first: number,
  options: MeasureTasksOptions,
): AsyncGenerator<MeasuredTask> {
  const { outDir } = options.request;
  let index = first;
  for await (const { prepared, outcomes } of measureEach(outDir, 'measure-pruned', first, options)) {
    const { result, denseOutcomes } = measured[index++] as MeasuredTask;
    yield {
      result: withPruned(result, prepared, outcomes, taskOutcomes.parse(denseOutcomes)),
      denseOutcomes: null,
    };
  }
}

async function* measureEach(
  modelDir: string,
  step: RunStep,
  first: number,
  { request, report, signal }: MeasureTasksOptions,
) {
  const { tasks } = request.evaluation;
  if (first >= tasks.length) return;
  const checkpoint = await openCheckpoint(modelDir);
  try {
    await openBackend(request.backend);
    for (const task of tasks.slice(first)) {
      const onProgress: OnProgress = (progress) => report.pass(step, { ...progress, message: task.name });
      const prepared = await prepare(checkpoint, task, request);
      yield { prepared, outcomes: await measureTask(checkpoint, prepared, onProgress, signal) };
    }
  } finally {
    await checkpoint.close();
  }
}

function prepare(
  checkpoint: Checkpoint,
  { task, name, files }: RunRequest['evaluation']['tasks'][number],
  { evaluation: { window, stride, maxTokens, taskItems }, settings: { seed } }: RunRequest,
): Promise<PreparedTask> {
  const options = { window, stride, maxTokens, items: taskItems, seed };
  return prepareTask(checkpoint, { task, label: name, files }, options);
}

function denseResult({ facts }: PreparedTask, outcomes: TaskOutcomes): TaskResult {
  const { definition, label, files, items, ofItems, seed, contextLength, stride, maxTokens, truncated } =
    facts;
  return {
    name: label,
    task: definition.name,
    title: definition.title,
    files: [...files],
    ...{ items, ofItems, seed, contextLength, stride, maxTokens, truncated },
    backend: currentBackend(),
    figures: taskResult(definition, outcomes, null, seed).map((figure) => ({
      ...{ name: figure.name, better: figure.better, chance: figure.chance },
      dense: estimate(figure),
      pruned: null,
    })),
  };
}

function withPruned(
  result: TaskResult,
  { facts: { definition, seed } }: PreparedTask,
  outcomes: TaskOutcomes,
  dense: TaskOutcomes,
): TaskResult {
  const pruned = taskResult(definition, outcomes, dense, seed);
  return {
    ...result,
    figures: result.figures.map((figure) => ({
      ...figure,
      pruned: prunedFigure(pruned.find(({ name }) => name === figure.name)),
    })),
  };
}

function prunedFigure(figure: FigureResult | undefined): TaskResult['figures'][number]['pruned'] {
  if (!figure?.against) return null;
  const { difference, low, high, distinguishable } = figure.against;
  return {
    ...estimate(figure),
    level: figure.level,
    difference: { value: difference, low, high, distinguishable },
  };
}

const estimate = ({ value, low, high }: FigureResult) => ({ value, low, high });
