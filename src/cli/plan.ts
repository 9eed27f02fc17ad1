import { Command, Option } from 'commander';
import { pruneSettings } from '../contract/settings.ts';
import type { PlanRequest } from '../engine/plan.ts';
import type { BackendName } from '../engine/tensor/backend.ts';
import {
  addCalibrationOptions,
  type CalibrationOptions,
  calibrationSource,
  presetSettings,
} from './calibration-options.ts';
import { writeReport } from './outcome.ts';
import { byteSize } from './plan/byte-size.ts';
import { formatPlan } from './plan/format-plan.ts';
import { addSettingOptions, checkSettings, givenSettings } from './setting-options.ts';
import { backendOption, jsonOption } from './shared-options.ts';

interface PlanOptions extends CalibrationOptions {
  readonly model: string;
  readonly out: string;
  readonly run?: string;
  readonly memory?: number;
  readonly deviceMemory?: number;
  readonly scratchFree?: number;
  readonly outFree?: number;
  readonly times: boolean;
  readonly backend?: BackendName;
  readonly json?: boolean;
}

const EXAMPLES = `
Exit code 0: the run fits; 1: it does not, and the report says what is short and the cheapest change that helps.

Examples:
  dpruner plan --model llama-2-7b --preset legal
  dpruner plan --model config.json --memory 8GiB --scratch-free 50GB --samples 500
  dpruner plan --model llama-2-7b/config.json --criterion paper --device-memory 8GiB --no-times`;

/** `plan`: what pruning a model would need, before it is begun. */
export function planCommand(): Command {
  const command = new Command('plan')
    .description(
      'Tell what a run would need: memory, disk and time. Takes the settings of prune; nothing is pruned.',
    )
    .optionsGroup('The model:')
    .requiredOption('--model <path>', "the model's folder, or its config.json alone")
    .option('--out <folder>', 'where the pruned model would go', '.');
  addCalibrationOptions(command);
  addSettingOptions(command);
  const machineOptions = [
    new Option('--run <folder>', 'where the scores and the scratch file would go (default: as --out)'),
    new Option('--memory <size>', 'plan for so much free memory (default: what is free here)').argParser(
      byteSize,
    ),
    new Option(
      '--device-memory <size>',
      "plan for a graphics processor with so much free memory (default: tensors are in the machine's)",
    ).argParser(byteSize),
    new Option('--scratch-free <size>', 'plan for so much free disk at --run').argParser(byteSize),
    new Option('--out-free <size>', 'plan for so much free disk at --out').argParser(byteSize),
    new Option('--no-times', 'do not measure this machine, which takes some seconds; no times are told'),
    backendOption(),
    jsonOption(),
  ];
  for (const option of machineOptions) command.addOption(option.helpGroup('The machine:'));
  return command.addHelpText('after', EXAMPLES).action(async (options: PlanOptions) => {
    const request = await toRequest(options, givenSettings(command));
    const { plan } = await import('../engine/plan.ts');
    const report = await plan(request);
    writeReport(report, options.json ?? false, formatPlan);
    if (!report.plan.fits) process.exitCode = 1;
  });
}

async function toRequest(
  options: PlanOptions,
  given: Readonly<Record<string, unknown>>,
): Promise<PlanRequest> {
  checkSettings(given);
  const { preset, ...withoutPreset } = options;
  // A preset alone is enough for its settings: no text is read.
  const calibration = calibrationSource(preset === undefined || options.data ? options : withoutPreset);
  const named = preset === undefined ? null : await settingsOfPreset(preset);
  const { memory, deviceMemory, scratchFree, outFree } = options;
  const isElsewhere = scratchFree !== undefined || outFree !== undefined;
  return {
    model: options.model,
    settings: pruneSettings.parse({ ...named, ...given }),
    calibration,
    runDir: options.run ?? options.out,
    outDir: options.out,
    backend: options.backend ?? null,
    machine: {
      ...(memory !== undefined && { memoryFreeBytes: memory }),
      ...(deviceMemory !== undefined && { deviceFreeBytes: deviceMemory }),
      ...(scratchFree !== undefined && { scratchFreeBytes: scratchFree }),
      ...(outFree !== undefined && { outFreeBytes: outFree }),
      ...(isElsewhere && { isOneDisk: false }),
    },
    timed: options.times,
  };
}

const settingsOfPreset = (preset: string) =>
  presetSettings({ kind: 'texts', preset, data: new Map(), openFiles: null, onShortfall: 'proportion' });
