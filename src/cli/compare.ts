import { Command, Option } from 'commander';
import { type PruneSettings, pruneSettings } from '../contract/settings.ts';
import type { CompareRequest } from '../engine/comparison/comparison.ts';
import type { CalibrationSource } from '../engine/run/calibration-source.ts';
import { needsCalibration } from '../engine/run/needs.ts';
import type { BackendName } from '../engine/tensor/backend.ts';
import {
  addCalibrationOptions,
  type CalibrationOptions,
  calibrationSource,
  presetSettings,
} from './calibration-options.ts';
import { formatComparison } from './compare/format-comparison.ts';
import { METHOD_GRAMMAR, methodList } from './compare/method-list.ts';
import { sparsityList } from './compare/sparsity-list.ts';
import { assertTablesFree, tableFiles, writeTables } from './compare/table-files.ts';
import { UsageError } from './failure.ts';
import { addMeasuredOnOptions, type MeasuredOnOptions, measuredOn } from './measured-on.ts';
import { runOperation } from './operation.ts';
import { countOf } from './option-values.ts';
import { writeReport } from './outcome.ts';
import { addSettingOptions, checkSettings, givenSettings } from './setting-options.ts';
import { backendOption, forceOption, jsonOption } from './shared-options.ts';

interface CompareOptions extends CalibrationOptions, MeasuredOnOptions {
  readonly model: string;
  readonly methods: string;
  readonly sparsity?: string;
  readonly maxNewTokens?: number;
  readonly out: string;
  readonly work?: string;
  readonly backend?: BackendName;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** What all methods of a comparison have in common; the rest is set for each in --methods. */
const SHARED = [
  'pattern',
  'calibrateOn',
  'seed',
  'samples',
  'sequenceLength',
  'openSamples',
  'openSequenceLength',
] as const satisfies readonly (keyof PruneSettings)[];

const EXAMPLES = `
A method's settings are those of prune, without the dashes: d-pruner:criterion=paper:rho=1, wanda:group=matrix,
d-pruner:regularizer=no. METHOD+compensate updates the weights that stay. The dense model is always the first row.
A command that was stopped goes on when it is given again: finished rows and scores are in the work folder.

Examples:
  dpruner compare --model smollm2 --methods magnitude,wanda,sparsegpt,d-pruner,d-pruner+compensate \\
    --preset legal --data casehold=casehold.jsonl --data billsum=billsum.jsonl --open c4.jsonl --samples 64 \\
    --perplexity legal=legal.txt --perplexity open=open.txt --stride 2048 --out comparison
  dpruner compare --model smollm2 --methods d-pruner:mu=0.3,d-pruner:mu=0.7 --sparsity 0.3,0.5,0.6 \\
    --tokens legal.jsonl --open-tokens open.jsonl --perplexity legal=legal.txt --out mu
  dpruner compare --model smollm2 --methods magnitude,wanda,d-pruner --preset legal --data casehold=train.csv \\
    --data billsum=train.jsonl --open c4.jsonl --tasks casehold=test.csv billsum=test.jsonl --items 200 --out tasks`;

/** `compare`: a table of what several methods keep of a model. */
export function compareCommand(): Command {
  const command = new Command('compare')
    .description('Prune a model by several methods on one calibration, and measure each on the same texts.')
    .optionsGroup('The model and the methods:')
    .requiredOption('--model <folder>', 'Hugging Face folder of the model')
    .requiredOption('--methods <list>', METHOD_GRAMMAR)
    .option('--sparsity <list>', "fractions of zeros, separated by commas (default: the preset's, or 0.5)");
  addSettingOptions(command, SHARED);
  addCalibrationOptions(command);
  addMeasuredOnOptions(command, [
    new Option(
      '--max-new-tokens <n>',
      "tokens that a summary may have (default: the task's own limit)",
    ).argParser(countOf),
  ]);
  const output = [
    new Option(
      '--out <file>',
      'name of the tables; FILE.md, .csv and .json are written',
    ).makeOptionMandatory(),
    new Option('--work <folder>', 'keeps finished rows and scores (default: FILE-work)'),
    forceOption(),
    backendOption(),
    jsonOption(),
  ];
  for (const option of output) command.addOption(option.helpGroup('Output:'));
  return command.addHelpText('after', EXAMPLES).action(async (options: CompareOptions) => {
    const files = tableFiles(options.out);
    const request = await toRequest(options, givenSettings(command), files.base);
    assertTablesFree(files, options.force ?? false);
    const { compare } = await import('../engine/comparison/compare.ts');
    const report = await runOperation(
      (onProgress, signal) => compare(request, onProgress, signal),
      'Finished rows and layers are kept; the same command goes on.',
    );
    await writeTables(files, report);
    writeReport(report, options.json ?? false, () => formatComparison(report, files));
  });
}

async function toRequest(
  options: CompareOptions,
  { sparsity: _, ...given }: Readonly<Record<string, unknown>>,
  base: string,
): Promise<CompareRequest> {
  checkSettings(given);
  const methods = methodList(options.methods);
  const measured = measuredOn(options);
  const source = calibrationSource(options);
  const settings = pruneSettings.parse({ ...(await presetSettings(source)), ...given });
  assertCalibrated(
    source,
    methods.map((method) => ({ ...settings, ...method.settings })),
  );
  return {
    modelDir: options.model,
    workDir: options.work ?? `${base}-work`,
    methods,
    sparsities: options.sparsity === undefined ? [settings.sparsity] : sparsityList(options.sparsity),
    settings,
    calibration: source ?? { kind: 'tokens', domainFile: null, openFile: null },
    ...measured,
    maxNewTokens: options.maxNewTokens ?? null,
    backend: options.backend ?? null,
  };
}

function assertCalibrated(source: CalibrationSource | null, methods: readonly PruneSettings[]): void {
  if (source || !methods.some(needsCalibration)) return;
  throw new UsageError(
    'No calibration was given.',
    'Give --preset with --data and --open, or --tokens with --open-tokens; --methods magnitude alone needs none.',
  );
}
