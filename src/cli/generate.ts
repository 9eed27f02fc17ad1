import { Command } from 'commander';
import type { GeneratedText } from '../engine/generation/generate-text.ts';
import type { BackendName } from '../engine/tensor/backend.ts';
import { runOperation } from './operation.ts';
import { countOf } from './option-values.ts';
import { writeReport } from './outcome.ts';
import { backendOption, jsonOption } from './shared-options.ts';

interface GenerateOptions {
  readonly model: string;
  readonly prompt: string;
  readonly maxNewTokens: number;
  readonly backend?: BackendName;
  readonly json?: boolean;
}

const EXAMPLES = `
The most likely token is taken each time, so the same prompt always gives the same text. It ends at the model's end-of-text
token or after so many tokens. Nothing of it is logged or kept.

Example:
  dpruner generate --model smollm2-legal --prompt "The court held that" --max-new-tokens 60`;

/** `generate`: how a model continues a text. */
export function generateCommand(): Command {
  return new Command('generate')
    .description('Continue a text, each time by the most likely token.')
    .requiredOption('--model <folder>', 'Hugging Face folder of the model')
    .requiredOption('--prompt <text>', 'the text to continue')
    .option('--max-new-tokens <n>', 'at most so many tokens', countOf, 100)
    .addOption(backendOption())
    .addOption(jsonOption())
    .addHelpText('after', EXAMPLES)
    .action(async ({ model, prompt, maxNewTokens, backend, json = false }: GenerateOptions) => {
      const { generateText } = await import('../engine/generation/generate-text.ts');
      const result = await runOperation(
        (_, signal) =>
          generateText({ modelDir: model, prompt, maxNewTokens, backend: backend ?? null }, signal),
        'Run the command again; it begins anew.',
      );
      for (const note of result.notes) process.stderr.write(`Note: ${note}\n`);
      writeReport(result, json, ({ text }: GeneratedText) => text);
    });
}
