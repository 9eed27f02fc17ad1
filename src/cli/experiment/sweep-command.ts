import { Command, Option } from 'commander';
import { METHOD_POINTS } from '../../contract/experiment.ts';
import { type PruneSettings, pruneSettings } from '../../contract/settings.ts';
import type { SweepRequest } from '../../engine/experiments/experiment-request.ts';
import type { BackendName } from '../../engine/tensor/backend.ts';
import {
  addCalibrationOptions,
  type CalibrationOptions,
  calibrationSource,
  presetSettings,
} from '../calibration-options.ts';
import { UsageError } from '../failure.ts';
import { addMeasuredOnOptions, type MeasuredOnOptions, measuredOn } from '../measured-on.ts';
import { addSettingOptions, checkSettings, givenSettings } from '../setting-options.ts';
import { backendOption } from '../shared-options.ts';
import { addOutputOptions, type OutputOptions, performExperiment } from './experiment-action.ts';

interface SweepOptions extends CalibrationOptions, MeasuredOnOptions, OutputOptions {
  readonly model: string;
  readonly values?: string;
  readonly work?: string;
  readonly backend?: BackendName;
}

interface SweepWords {
  readonly experiment: SweepRequest['experiment'];
  readonly description: string;
  /** What `--values` takes, and what stands for it. */
  readonly values: string;
}

export const SWEEP_WORDS: readonly SweepWords[] = [
  {
    experiment: 'sparsity',
    description: 'How much of a model can go: one scoring, a mask for each sparsity.',
    values: 'fractions of zeros (default: 0.1 to 0.7)',
  },
  {
    experiment: 'methods',
    description:
      'D-Pruner beside its rivals: one sparsity, one calibration, a table of methods by texts and tasks.',
    values: `methods (default: ${METHOD_POINTS.slice(0, 5).join(', ')}; others: ${METHOD_POINTS.slice(5).join(', ')})`,
  },
  {
    experiment: 'mu',
    description: 'From general ability alone to the domain alone: one scoring, a mask for each μ.',
    values: 'numbers from 0 to 1 (default: 0 to 1 by tenths)',
  },
  {
    experiment: 'lambda',
    description: "The printed regulariser's strength: one pass over the texts for all.",
    values: 'numbers from 0 on (default: 0, 0.0001, 0.001, 0.01, 0.1, 1)',
  },
  {
    experiment: 'calibration-size',
    description: 'How many samples of the domain are enough.',
    values: 'numbers of samples (default: 100, 500, 1000, 1500)',
  },
  {
    experiment: 'mix',
    description: "Other shares of the parts of the preset's mix.",
    values:
      "mixes such as 20/60/20, the parts in the preset's order (default: the preset's, all alike, each part with 80 %)",
  },
  {
    experiment: 'open-to-domain',
    description: 'As many sequences in all, shared out otherwise between open text and the domain.',
    values: "fractions of the domain's sequences (default: 0.1, 0.25, 0.5, 0.75, 0.9)",
  },
  {
    experiment: 'seeds',
    description: 'How far figures and masks differ from draw to draw of the calibration.',
    values: 'seeds (default: 0 to 4)',
  },
];

/** The setting that each experiment changes itself. */
const SWEPT: Partial<Record<SweepRequest['experiment'], readonly (keyof PruneSettings)[]>> = {
  sparsity: ['sparsity'],
  methods: ['compensate'],
  mu: ['mu'],
  lambda: ['criterion', 'mu', 'lambda', 'rho', 'regularizer'],
  'calibration-size': ['samples'],
  seeds: ['seed'],
};

const SETTINGS = [
  ...[
    'sparsity',
    'group',
    'selection',
    'pattern',
    'allocation',
    'compensate',
    'update',
    'criterion',
    'mu',
    'aggregation',
  ],
  ...['lambda', 'alpha', 'damping', 'samples', 'sequenceLength', 'openSamples', 'openSequenceLength', 'seed'],
] as (keyof PruneSettings)[];

/** `experiment sparsity`, `mu`, …: a model pruned again and again, one thing changed each time. */
export function sweepCommand({ experiment, description, values }: SweepWords): Command {
  const command = new Command(experiment)
    .description(description)
    .optionsGroup('The model and the points:')
    .requiredOption('--model <folder>', 'Hugging Face folder of the model')
    .option('--values <list>', `${values}, separated by commas`);
  addSettingOptions(
    command,
    SETTINGS.filter((setting) => !SWEPT[experiment]?.includes(setting)),
  );
  addCalibrationOptions(command);
  addMeasuredOnOptions(command);
  const work = new Option('--work <folder>', 'keeps finished points and scores (default: FILE-work)');
  addOutputOptions(command, [work, backendOption()]);
  return command.action((options: SweepOptions) =>
    performExperiment(
      options,
      ({ base }) => toRequest(experiment, options, givenSettings(command), base),
      'Finished points and layers are kept; the same command goes on.',
    ),
  );
}

async function toRequest(
  experiment: SweepRequest['experiment'],
  options: SweepOptions,
  given: Readonly<Record<string, unknown>>,
  base: string,
): Promise<SweepRequest> {
  checkSettings(given);
  const measured = measuredOn(options);
  const calibration = calibrationSource(options);
  if (!calibration) {
    throw new UsageError(
      'No calibration was given.',
      'Give --preset with --data and --open, or --tokens with --open-tokens.',
    );
  }
  return {
    experiment,
    values: options.values?.split(',').map((value) => value.trim()) ?? null,
    modelDir: options.model,
    workDir: options.work ?? `${base}-work`,
    settings: pruneSettings.parse({ ...(await presetSettings(calibration)), ...given }),
    calibration,
    ...measured,
    backend: options.backend ?? null,
  };
}
