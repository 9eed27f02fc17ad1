import { Command, Option } from 'commander';
import { pruneSettings } from '../contract/settings.ts';
import type { EvaluateTasksRequest } from '../engine/evaluate-tasks.ts';
import type { EvaluateReport, EvaluateRequest } from '../engine/evaluation/evaluate.ts';
import type { BackendName } from '../engine/tensor/backend.ts';
import { formatTasks } from './evaluate/format-tasks.ts';
import { UsageError } from './failure.ts';
import { runOperation } from './operation.ts';
import { countOf, numberOf } from './option-values.ts';
import { writeReport } from './outcome.ts';
import { formatCount, formatFigure } from './quantities.ts';
import { backendOption, jsonOption } from './shared-options.ts';
import { formatPairs } from './table.ts';
import { TASK_GRAMMAR, taskList } from './task-list.ts';

interface EvaluateOptions {
  readonly model: string;
  readonly perplexity?: string;
  readonly tokens?: string;
  readonly task?: readonly string[];
  readonly against?: string;
  readonly items?: number;
  readonly maxNewTokens?: number;
  readonly seed?: number;
  readonly window?: number;
  readonly stride?: number;
  readonly maxTokens?: number;
  readonly backend?: BackendName;
  readonly json?: boolean;
}

const EXAMPLES = `
Tasks: perplexity, casehold, pubmedqa, mednli, hqs, billsum; multiple-choice, classification and summaries for data of
your own; or a task file (docs/tasks.md).

Examples:
  dpruner evaluate --model smollm2 --perplexity legal.txt
  dpruner evaluate --model smollm2-legal --against smollm2 --task casehold=casehold.csv perplexity:legal=legal.txt --items 200
  dpruner evaluate --model smollm2 --task classification:letters=letters.csv --json

Compare figures only where window, stride and text are the same.`;

/** `evaluate`: what a model knows, as perplexity on a text or by tasks. */
export function evaluateCommand(): Command {
  const items = new Option('--items <n>', 'so many items of each task, drawn by the seed (default: all)');
  const seed = new Option('--seed <number>', 'draws items and resamples (default: 0)');
  return new Command('evaluate')
    .description("Measure a model's perplexity on a text, or what it knows by tasks.")
    .optionsGroup('The model:')
    .requiredOption('--model <folder>', 'Hugging Face folder of the model')
    .optionsGroup('What it is measured on, one of:')
    .addOption(new Option('--perplexity <file>', 'text file').conflicts(['tokens', 'task']))
    .addOption(
      new Option('--tokens <file>', 'JSONL of {"input_ids":[…]}; its lines joined in order').conflicts(
        'task',
      ),
    )
    .addOption(new Option('--task <task=file...>', `${TASK_GRAMMAR}: a task and its files; may be repeated`))
    .optionsGroup('With --task:')
    .option('--against <folder>', 'another model, such as the dense one, measured on the same items')
    .addOption(items.argParser(countOf))
    .option('--max-new-tokens <n>', "tokens that a summary may have (default: the task's own limit)", countOf)
    .addOption(seed.argParser(numberOf(pruneSettings.shape.seed.unwrap())))
    .optionsGroup('How texts are read:')
    .option(
      '--window <tokens>',
      'tokens the model sees at once (default: 2048, or what the model can)',
      countOf,
    )
    .option('--stride <tokens>', 'tokens from one window to the next (default: 512, or the window)', countOf)
    .option('--max-tokens <n>', 'read no more than so many tokens of a text (default: all)', countOf)
    .addOption(backendOption())
    .optionsGroup('Output:')
    .addOption(jsonOption())
    .addHelpText('after', EXAMPLES)
    .action(evaluateModel);
}

async function evaluateModel(options: EvaluateOptions): Promise<void> {
  const { task, json = false } = options;
  if (task !== undefined) {
    const request = toTasksRequest(options, task);
    const { evaluateTasks } = await import('../engine/evaluate-tasks.ts');
    const report = await runOperation(
      (onProgress, signal) => evaluateTasks(request, onProgress, signal),
      ANEW,
    );
    writeReport(report, json, formatTasks);
    return;
  }
  assertNoTaskOptions(options);
  const request = toRequest(options);
  const { evaluate } = await import('../engine/evaluation/evaluate.ts');
  const { ofWindows: _, ...report } = await runOperation(
    (onProgress, signal) => evaluate(request, onProgress, signal),
    ANEW,
  );
  writeReport(report, json, formatReport);
}

const ANEW = 'Run the command again; an evaluation begins anew.';

function toTasksRequest(options: EvaluateOptions, words: readonly string[]): EvaluateTasksRequest {
  const { model, against = null, items = null, seed = 0, window = null, stride = null } = options;
  const { maxTokens = null, maxNewTokens = null, backend = null } = options;
  return {
    ...{ modelDir: model, againstDir: against, tasks: taskList(words), items, seed },
    ...{ maxNewTokens, window, stride, maxTokens, backend },
  };
}

function assertNoTaskOptions({ against, items, maxNewTokens, seed }: EvaluateOptions): void {
  const options = { against, items, 'max-new-tokens': maxNewTokens, seed };
  const given = Object.entries(options).find(([, value]) => value !== undefined);
  if (!given) return;
  throw new UsageError(
    `--${given[0]} was given without --task.`,
    'For perplexity beside it, give the text as a task: --task perplexity=FILE.',
  );
}

function toRequest(options: EvaluateOptions): EvaluateRequest {
  const { model, window = null, stride = null, maxTokens = null, backend = null } = options;
  return { modelDir: model, source: sourceOf(options), window, stride, maxTokens, backend };
}

function sourceOf({ perplexity, tokens }: EvaluateOptions): EvaluateRequest['source'] {
  if (perplexity !== undefined) return { kind: 'text', file: perplexity };
  if (tokens !== undefined) return { kind: 'tokens', file: tokens };
  throw new UsageError(
    'Nothing to evaluate was given.',
    'Give a text file by --perplexity FILE, token ids by --tokens FILE, or tasks by --task TASK=FILE.',
  );
}

/** A perplexity means something only beside how it was measured. */
function formatReport(report: EvaluateReport): string {
  return formatPairs([
    ['Perplexity', formatFigure(report.perplexity, 5)],
    ['Scored tokens', `${formatCount(report.scoredTokens)} in ${formatCount(report.windows)} windows`],
    ['Window, stride', `${formatCount(report.window)}, ${formatCount(report.stride)} tokens`],
    ['Mean loss', `${formatFigure(report.meanNll, 5)} nats a token`],
    ['Text', `${report.file} (SHA-256 ${report.sha256})`],
    ['Speed', `${formatCount(report.tokensPerSecond)} tokens/s`],
  ]);
}
