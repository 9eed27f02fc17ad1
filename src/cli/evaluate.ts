import { Command, Option } from 'commander';
import type { EvaluateReport, EvaluateRequest } from '../engine/evaluation/evaluate.ts';
import type { BackendName } from '../engine/tensor/backend.ts';
import { UsageError } from './failure.ts';
import { runOperation } from './operation.ts';
import { countOf } from './option-values.ts';
import { writeReport } from './outcome.ts';
import { formatCount, formatFigure } from './quantities.ts';
import { backendOption, jsonOption } from './shared-options.ts';
import { formatPairs } from './table.ts';

interface EvaluateOptions {
  readonly model: string;
  readonly perplexity?: string;
  readonly tokens?: string;
  readonly window?: number;
  readonly stride?: number;
  readonly maxTokens?: number;
  readonly backend?: BackendName;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  dpruner evaluate --model smollm2 --perplexity legal.txt
  dpruner evaluate --model smollm2-legal --perplexity legal.txt --window 1024 --stride 1024 --json

Compare figures only where window, stride and text are the same.`;

/** `evaluate`: perplexity of a model on a text. */
export function evaluateCommand(): Command {
  return new Command('evaluate')
    .description("Measure a model's perplexity on a text.")
    .optionsGroup('The model:')
    .requiredOption('--model <folder>', 'Hugging Face folder of the model')
    .optionsGroup('The text, one of:')
    .addOption(new Option('--perplexity <file>', 'text file').conflicts('tokens'))
    .addOption(new Option('--tokens <file>', 'JSONL of {"input_ids":[…]}; its lines joined in order'))
    .optionsGroup('How it is read:')
    .option(
      '--window <tokens>',
      'tokens the model sees at once (default: 2048, or what the model can)',
      countOf,
    )
    .option('--stride <tokens>', 'tokens from one window to the next (default: 512, or the window)', countOf)
    .option('--max-tokens <n>', 'read no more than so many tokens (default: all)', countOf)
    .addOption(backendOption())
    .optionsGroup('Output:')
    .addOption(jsonOption())
    .addHelpText('after', EXAMPLES)
    .action(async (options: EvaluateOptions) => {
      const request = toRequest(options);
      const { evaluate } = await import('../engine/evaluation/evaluate.ts');
      const report = await runOperation(
        (onProgress, signal) => evaluate(request, onProgress, signal),
        'Run the command again; an evaluation begins anew.',
      );
      writeReport(report, options.json ?? false, formatReport);
    });
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
    'Give a text file by --perplexity FILE, or token ids by --tokens FILE.',
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
