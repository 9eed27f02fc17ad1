import { Command, Option } from 'commander';
import { pruneSettings } from '../contract/settings.ts';
import type { PruneRequest } from '../engine/prune-run.ts';
import { needsCalibration } from '../engine/run/needs.ts';
import type { BackendName } from '../engine/tensor/backend.ts';
import {
  addCalibrationOptions,
  type CalibrationOptions,
  calibrationSource,
  presetSettings,
} from './calibration-options.ts';
import { UsageError } from './failure.ts';
import { formatPruneReport } from './format-prune-report.ts';
import { runOperation } from './operation.ts';
import { writeReport } from './outcome.ts';
import { resumeCommand } from './resume-command.ts';
import { addSettingOptions, checkSettings, givenSettings } from './setting-options.ts';
import { backendOption, forceOption, jsonOption } from './shared-options.ts';

interface PruneOptions extends CalibrationOptions {
  readonly model: string;
  readonly out: string;
  readonly run?: string;
  readonly dumpImportance?: string;
  readonly backend?: BackendName;
  readonly resume?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
A preset's settings take the place of the defaults above; what is given here takes the place of both.

Examples:
  dpruner prune --model smollm2 --out smollm2-legal --preset legal \\
    --data casehold=casehold.jsonl --data billsum=billsum.jsonl --open c4.jsonl --samples 128
  dpruner prune --model smollm2 --out smollm2-half --method magnitude
  dpruner prune --model smollm2 --out smollm2-legal --tokens legal.jsonl --open-tokens open.jsonl --mu 0.7`;

/** `prune`: a pruned copy of a model. */
export function pruneCommand(): Command {
  const command = new Command('prune')
    .description('Make a pruned copy of a model. The model itself is never changed.')
    .optionsGroup('The model:')
    .requiredOption('--model <folder>', 'Hugging Face folder of the model')
    .requiredOption('--out <folder>', 'where the pruned model goes');
  addCalibrationOptions(command);
  addSettingOptions(command);
  const runOptions = [
    new Option('--run <folder>', 'keeps the scores, for --resume and remask (default: OUT-run)'),
    new Option('--resume', 'go on with an interrupted run'),
    forceOption(),
    backendOption(),
    new Option(
      '--dump-importance <folder>',
      'also write the importances, a float32 safetensors file a layer',
    ),
    jsonOption(),
  ];
  for (const option of runOptions) command.addOption(option.helpGroup('The run:'));
  return command.addHelpText('after', EXAMPLES).action(async (options: PruneOptions) => {
    const request = await toRequest(options, givenSettings(command));
    const { prune } = await import('../engine/prune-run.ts');
    const report = await runOperation(
      (onProgress, signal) => prune(request, onProgress, signal),
      `Finished layers are kept. Go on with: ${resumeCommand(process.argv.slice(2))}`,
    );
    writeReport(report, options.json ?? false, formatPruneReport);
  });
}

async function toRequest(
  options: PruneOptions,
  given: Readonly<Record<string, unknown>>,
): Promise<PruneRequest> {
  checkSettings(given);
  const source = calibrationSource(options);
  const settings = pruneSettings.parse({ ...(await presetSettings(source)), ...given });
  if (!source && needsCalibration(settings)) {
    throw new UsageError(
      'No calibration was given.',
      'Give --preset with --data and --open, or --tokens with --open-tokens; --method magnitude alone needs none.',
    );
  }
  return {
    modelDir: options.model,
    outDir: options.out,
    runDir: options.run ?? `${options.out.replace(/[/\\]+$/, '')}-run`,
    settings,
    calibration: source ?? { kind: 'tokens', domainFile: null, openFile: null },
    backend: options.backend ?? null,
    resume: options.resume ?? false,
    force: options.force ?? false,
    dumpImportanceDir: options.dumpImportance ?? null,
  };
}
