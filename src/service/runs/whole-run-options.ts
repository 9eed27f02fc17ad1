import type { RunRequest } from '../../contract/run-request.ts';
import type { ModelConfig } from '../../engine/checkpoint/config.ts';
import { pruningBesideReading } from '../../engine/planning/work-beside.ts';
import type { RunOutcome } from '../../history/run-outcome.ts';
import { tokensToRead } from './tokens-to-read.ts';
import type { WholeRunOptions } from './whole-run.ts';

/** What can be said of a run's time before it has begun, or gone on. */
export async function wholeRunOptions(
  { evaluation, settings }: RunRequest,
  outcome: RunOutcome,
  config: ModelConfig,
): Promise<WholeRunOptions> {
  const { texts, tasks } = evaluation;
  const all = texts.length + tasks.length;
  const measured = outcome.texts.length + outcome.tasks.length;
  // How many operations a task is cannot be told beforehand.
  const tokens = tasks.length > 0 ? 0 : await tokensToRead(evaluation, config);
  return {
    isMeasured: all > 0,
    pruningBesideMeasuring: pruningBesideReading(config, settings, tokens),
    shareOfDense: all > 0 ? (all - measured) / all : 0,
  };
}
