import { Command, Option } from 'commander';
import { z } from 'zod';
import type { BackendName } from '../../engine/tensor/backend.ts';
import { UsageError } from '../failure.ts';
import { countOf, numberOf } from '../option-values.ts';
import { backendOption } from '../shared-options.ts';
import { addOutputOptions, type OutputOptions, performExperiment } from './experiment-action.ts';

interface FisherOptions extends OutputOptions {
  readonly model: string;
  readonly text?: string;
  readonly tokens?: string;
  readonly samples: number;
  readonly sequenceLength: number;
  readonly weights: number;
  readonly seed: number;
  readonly backend?: BackendName;
}

/** `experiment fisher`: the empirical Fisher against the exact Hessian diagonal of a small model. */
export function fisherCommand(): Command {
  const command = new Command('fisher')
    .description(
      'Whether the empirical Fisher orders weights as the exact Hessian diagonal does; for small models.',
    )
    .optionsGroup('The model and the text:')
    .requiredOption('--model <folder>', 'Hugging Face folder of a small model')
    .addOption(new Option('--text <file>', 'text file').conflicts('tokens'))
    .addOption(new Option('--tokens <file>', 'JSONL of {"input_ids":[…]}; its lines joined in order'))
    .option('--samples <n>', 'sequences, from the start of the text', countOf, 16)
    .option('--sequence-length <tokens>', 'tokens of a sequence', countOf, 128)
    .option('--weights <n>', 'weights drawn from each matrix', countOf, 16)
    .option('--seed <n>', 'decides which weights are drawn', numberOf(z.int().min(0)), 0);
  addOutputOptions(command, [backendOption()]);
  return command.action((options: FisherOptions) =>
    performExperiment(
      options,
      () => {
        const { model, samples, sequenceLength, weights, seed, backend = null } = options;
        return {
          experiment: 'fisher',
          modelDir: model,
          source: sourceOf(options),
          ...{ samples, sequenceLength, weightsPerMatrix: weights, seed, backend },
        };
      },
      'Run the command again; it begins anew.',
    ),
  );
}

function sourceOf({ text, tokens }: FisherOptions) {
  if (text !== undefined) return { kind: 'text', file: text } as const;
  if (tokens !== undefined) return { kind: 'tokens', file: tokens } as const;
  throw new UsageError('No text was given.', 'Give a text by --text FILE, or token ids by --tokens FILE.');
}
