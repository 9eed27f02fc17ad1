import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OnProgress } from '../../../contract/progress.ts';
import type { Checkpoint } from '../../checkpoint/checkpoint.ts';
import { planOf } from '../../streaming/plan.ts';
import type { PassOptions } from '../forward-pass.ts';
import { windowLosses } from '../perplexity.ts';
import { outcomesOfSummaries } from './generated-summaries.ts';
import { optionLogProbabilities } from './option-log-probabilities.ts';
import type { PreparedTask } from './prepared-task.ts';
import type { TaskOutcomes } from './task-outcomes.ts';

/** What a model makes of each item of a task, with a scratch folder that is removed at the end. */
export async function measureTask(
  checkpoint: Checkpoint,
  { content }: PreparedTask,
  onProgress: OnProgress,
  signal: AbortSignal | undefined,
): Promise<TaskOutcomes> {
  if (content.kind === 'summary') {
    const items = await outcomesOfSummaries(checkpoint, content.summaries, onProgress, signal);
    return { kind: 'summary', items };
  }
  const scratchDir = await mkdtemp(join(tmpdir(), 'dpruner-evaluate-'));
  const options = { scratchDir, plan: planOf(checkpoint.config), onProgress, ...(signal && { signal }) };
  try {
    return await score(checkpoint, content, options);
  } finally {
    await rm(scratchDir, { recursive: true, force: true });
  }
}

async function score(
  checkpoint: Checkpoint,
  content: Exclude<PreparedTask['content'], { kind: 'summary' }>,
  options: PassOptions,
): Promise<TaskOutcomes> {
  if (content.kind === 'perplexity') {
    const losses = await windowLosses(checkpoint, content.windows, options);
    const items = losses.map((nll, i) => ({ nll, tokens: content.windows[i].scored }));
    return { kind: 'perplexity', items };
  }
  const logProbabilities = await optionLogProbabilities(checkpoint, content.tokens, options);
  const items = content.items.map(({ truth, classes }, i) => ({
    logProbabilities: logProbabilities[i],
    tokens: content.tokens[i].options.map(({ length }) => length),
    truth,
    classes: [...classes],
  }));
  return { kind: 'choice', items };
}
