import { type Command, Option } from 'commander';
import type { CalibrationSource } from '../engine/run/calibration-source.ts';
import { UsageError } from './failure.ts';
import { collect, namedFiles } from './option-values.ts';

const SHORTFALLS = ['proportion', 'refuse', 'available'] as const;

/** What the person gave of the options below. */
export interface CalibrationOptions {
  readonly preset?: string;
  readonly data?: readonly string[];
  readonly open?: readonly string[];
  readonly onShortfall?: (typeof SHORTFALLS)[number];
  readonly tokens?: string;
  readonly openTokens?: string;
}

const TEXT_OPTIONS = ['preset', 'data', 'open', 'onShortfall'];

/** Where the calibration comes from: texts by a preset's mix, or token ids. */
export function addCalibrationOptions(command: Command): void {
  const texts = [
    new Option('--preset <name>', 'domain: legal, healthcare, or a preset file'),
    new Option(
      '--data <name=file>',
      "texts for a part of the preset's mix; repeat it for each part, or for more files of one; NAME=none leaves a part out",
    ).argParser<string[]>(collect),
    new Option('--open <file>', 'open-domain texts; may be repeated').argParser<string[]>(collect),
    new Option(
      '--on-shortfall <action>',
      'when a part has too few texts: fewer samples in proportion, refuse, or take what is available (default: proportion)',
    ).choices(SHORTFALLS),
  ];
  const tokens = [
    new Option('--tokens <file>', 'samples of the domain, JSONL of {"input_ids":[…]}, used as they are'),
    new Option('--open-tokens <file>', 'open-domain samples, the same way'),
  ];
  for (const option of texts) command.addOption(option.helpGroup('Calibration with texts:'));
  for (const option of tokens) {
    command.addOption(
      option.conflicts(TEXT_OPTIONS).helpGroup('Calibration with token ids, in place of texts:'),
    );
  }
}

/**
 * The source that the options name; null if they name none.
 * @throws UsageError
 */
export function calibrationSource(options: CalibrationOptions): CalibrationSource | null {
  const { preset, data = [], open = null, onShortfall = 'proportion', tokens, openTokens } = options;
  if (tokens !== undefined || openTokens !== undefined) {
    return { kind: 'tokens', domainFile: tokens ?? null, openFile: openTokens ?? null };
  }
  if (preset !== undefined) {
    return { kind: 'texts', preset, data: namedFiles(data), openFiles: open && [...open], onShortfall };
  }
  if (data.length === 0 && open === null) return null;
  throw new UsageError(
    `${data.length > 0 ? '--data' : '--open'} was given without --preset, which says how texts are mixed and prompted.`,
    'Add --preset legal, --preset healthcare or --preset FILE.',
  );
}

/** The settings that a preset has an opinion on. */
export async function presetSettings(source: CalibrationSource | null): Promise<Record<string, unknown>> {
  if (source?.kind !== 'texts') return {};
  const { loadPreset } = await import('../engine/calibration/preset.ts');
  return (await loadPreset(source.preset)).settings;
}
