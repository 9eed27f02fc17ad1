import { Command, Option } from 'commander';
import type { NamedRun, SimilarityRequest } from '../../engine/experiments/experiment-request.ts';
import { collect, nameAndFile } from '../option-values.ts';
import { addSettingOptions, checkSettings, givenSettings } from '../setting-options.ts';
import { addOutputOptions, type OutputOptions, performExperiment } from './experiment-action.ts';

interface RunsOptions extends OutputOptions {
  readonly run: readonly string[];
}

const runOption = () =>
  new Option('--run <name=folder>', 'a finished run of prune, and what to call it; may be repeated')
    .argParser<string[]>(collect)
    .makeOptionMandatory();

const AGAIN = 'Run the command again; nothing is changed in the runs.';

/** `experiment similarity`: what the masks of several runs have in common. */
export function similarityCommand(): Command {
  const command = new Command('similarity')
    .description(
      "How much runs' masks have in common, by layer and module: legal and healthcare, seeds, sizes.",
    )
    .addOption(runOption().helpGroup('The runs:'));
  addSettingOptions(command, ['sparsity', 'criterion', 'mu'], "each run's own");
  addOutputOptions(command);
  return command.action((options: RunsOptions) =>
    performExperiment(
      options,
      () => {
        const given = givenSettings(command);
        checkSettings(given);
        const changes = given as SimilarityRequest['changes']; // checked above
        return { experiment: 'similarity', runs: namedRuns(options.run), changes };
      },
      AGAIN,
    ),
  );
}

/** `experiment distributions`: the importances that runs have kept. */
export function distributionsCommand(): Command {
  const command = new Command('distributions')
    .description('How the importances of a run are distributed, by layer and module.')
    .addOption(runOption().helpGroup('The runs:'));
  addOutputOptions(command);
  return command.action((options: RunsOptions) =>
    performExperiment(options, () => ({ experiment: 'distributions', runs: namedRuns(options.run) }), AGAIN),
  );
}

const namedRuns = (pairs: readonly string[]): NamedRun[] =>
  pairs.map((pair) => {
    const [name, runDir] = nameAndFile(
      pair,
      '--run',
      'Write what the tables are to call the run, such as legal=smollm2-legal-run.',
    );
    return { name, runDir };
  });
