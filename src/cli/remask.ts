import { Command } from 'commander';
import type { MaskChanges } from '../engine/remask.ts';
import { formatPruneReport } from './format-prune-report.ts';
import { runOperation } from './operation.ts';
import { writeReport } from './outcome.ts';
import { addSettingOptions, checkSettings, givenSettings } from './setting-options.ts';
import { forceOption, jsonOption } from './shared-options.ts';

interface RemaskOptions {
  readonly run: string;
  readonly out: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  dpruner remask --run smollm2-legal-run --out smollm2-legal-60 --sparsity 0.6
  dpruner remask --run smollm2-legal-run --out smollm2-more-legal --mu 0.8`;

/** `remask`: another model from a finished run's scores. */
export function remaskCommand(): Command {
  const command = new Command('remask')
    .description("Make another pruned model from a finished run's scores, without calibrating again.")
    .optionsGroup('The run:')
    .requiredOption('--run <folder>', 'the run, as `prune` printed it')
    .requiredOption('--out <folder>', 'where the pruned model goes');
  const masks = ['sparsity', 'group', 'selection', 'pattern', 'blocking', 'blockSize', 'allocation'] as const;
  addSettingOptions(command, [...masks, 'criterion', 'mu'], "the run's");
  for (const option of [forceOption(), jsonOption()]) command.addOption(option.helpGroup('Output:'));
  return command.addHelpText('after', EXAMPLES).action(async (options: RemaskOptions) => {
    const given = givenSettings(command);
    checkSettings(given);
    const { remask } = await import('../engine/remask.ts');
    const request = {
      runDir: options.run,
      outDir: options.out,
      changes: given as MaskChanges, // checked above
      force: options.force ?? false,
    };
    const report = await runOperation(
      (onProgress, signal) => remask(request, onProgress, signal),
      "Run the command again; the run's scores are kept.",
    );
    writeReport(report, options.json ?? false, formatPruneReport);
  });
}
