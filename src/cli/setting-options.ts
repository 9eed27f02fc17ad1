import { type Command, Option } from 'commander';
import { type PruneSettings, pruneSettings } from '../contract/settings.ts';
import { describeExpected } from './expectation.ts';
import { UsageError } from './failure.ts';
import { numberOrText } from './option-values.ts';

type SettingName = keyof PruneSettings;

/** An option that sets one of the run's settings. */
interface SettingOption {
  readonly setting: SettingName;
  readonly flags: string;
  readonly description: string;
  /** What to say of the default where the setting's own would not be understood. */
  readonly defaultText?: string;
}

/** In the order of --help. The checks and the defaults are those of the settings themselves. */
export const SETTING_OPTIONS: Readonly<Record<string, readonly SettingOption[]>> = {
  'What is pruned:': [
    { setting: 'method', flags: '--method <name>', description: 'd-pruner, magnitude, wanda or sparsegpt' },
    {
      setting: 'sparsity',
      flags: '--sparsity <fraction>',
      description: 'fraction of each matrix that becomes zero',
    },
    {
      setting: 'group',
      flags: '--group <kind>',
      description: 'weights compared with each other: matrix, row, or block of columns',
      defaultText: "the method's: row for wanda, block for sparsegpt, else matrix",
    },
    {
      setting: 'selection',
      flags: '--selection <kind>',
      description: 'd-pruner: single, each weight by itself; joint, by what the weights of a row do together',
      defaultText: 'joint with the balanced criterion, else single',
    },
    {
      setting: 'pattern',
      flags: '--pattern <kind>',
      description: '2:4 or 4:8: of 4 (8) weights in a row 2 (4) become zero; or unstructured',
    },
    {
      setting: 'blocking',
      flags: '--blocking <kind>',
      description:
        'iterative: the same fraction in each block of columns (with --group row: of each row); or none',
    },
    {
      setting: 'blockSize',
      flags: '--block-size <columns>',
      description: 'columns of a block',
      defaultText: '128; 344 for a down projection of 11008 columns',
    },
    {
      setting: 'allocation',
      flags: '--allocation <kind>',
      description: 'uniform: the same sparsity in each layer; owl: less in layers with more outliers',
    },
    {
      setting: 'compensate',
      flags: '--compensate',
      description: 'update the weights that stay, in closed form, for those that go',
    },
    {
      setting: 'update',
      flags: '--update <kind>',
      description:
        '--compensate: exact, the least error of each layer; or sweep, column by column as sparsegpt does',
    },
  ],
  'Which weights matter:': [
    {
      setting: 'criterion',
      flags: '--criterion <name>',
      description: "dual, balanced, paper (the paper's equations), general or domain",
    },
    {
      setting: 'mu',
      flags: '--mu <weight>',
      description: 'dual, balanced: from 0, general ability alone, to 1, the domain alone',
    },
    {
      setting: 'aggregation',
      flags: '--aggregation <kind>',
      description: 'paper: per-sample importances, or mean-gradient as printed',
    },
    { setting: 'lambda', flags: '--lambda <x>', description: 'paper: strength of the regulariser' },
    { setting: 'alpha', flags: '--alpha <x>', description: 'paper: step of the regulariser' },
    {
      setting: 'rho',
      flags: '--rho <x>',
      description: 'paper: strength relative to the median gradient, in place of lambda and alpha',
      defaultText: 'lambda and alpha decide',
    },
    { setting: 'regularizer', flags: '--no-regularizer', description: 'paper: leave the regulariser out' },
    {
      setting: 'damping',
      flags: '--damping <x>',
      description: "added to the Hessian's diagonal, as a fraction of its mean",
    },
  ],
  'How much calibration:': [
    { setting: 'samples', flags: '--samples <n>', description: 'samples of the domain' },
    {
      setting: 'sequenceLength',
      flags: '--sequence-length <tokens>',
      description: 'most tokens of a sample',
    },
    { setting: 'openSamples', flags: '--open-samples <n>', description: 'samples of open-domain text' },
    {
      setting: 'openSequenceLength',
      flags: '--open-sequence-length <tokens>',
      description: 'tokens of an open-domain sample',
    },
    {
      setting: 'calibrateOn',
      flags: '--calibrate-on <texts>',
      description:
        'what wanda, sparsegpt, --compensate and owl see: mix (domain and open, half and half), both (all of them), domain or open',
    },
    { setting: 'seed', flags: '--seed <n>', description: 'decides which samples are drawn' },
  ],
};

const ALL_OPTIONS = Object.values(SETTING_OPTIONS).flat();
const DEFAULTS = pruneSettings.parse({});

/** What the option of a setting is called, without dashes before it: `block-size`; `regularizer`, which an option leaves out. */
export function optionName(setting: SettingName): string {
  const { flags } = ALL_OPTIONS.find((option) => option.setting === setting) as SettingOption;
  return flags.split(' ', 1)[0].replace(/^--(no-)?/, '');
}

/**
 * Adds the named settings' options to a command, in their groups.
 * @param fallback what to say that stands where an option is not given; left out: the settings' own defaults
 */
export function addSettingOptions(
  command: Command,
  settings?: readonly SettingName[],
  fallback?: string,
): void {
  for (const [group, options] of Object.entries(SETTING_OPTIONS)) {
    for (const option of options) {
      if (settings && !settings.includes(option.setting)) continue;
      command.addOption(toCommanderOption(option, fallback).helpGroup(group));
    }
  }
}

/** Without a default of commander's: what was not given must stay distinguishable from what was. */
function toCommanderOption(
  { setting, flags, description, defaultText }: SettingOption,
  instead?: string,
): Option {
  const fallback = DEFAULTS[setting];
  if (typeof fallback === 'boolean') return new Option(flags, description); // a switch that turns it over
  const option = new Option(flags, `${description} (default: ${instead ?? defaultText ?? fallback})`);
  return typeof fallback === 'string' ? option : option.argParser(numberOrText);
}

/** The settings that the person gave on the command line, unchecked. */
export function givenSettings(command: Command): Record<string, unknown> {
  const given = ALL_OPTIONS.filter(({ setting }) => command.getOptionValueSource(setting) === 'cli');
  return Object.fromEntries(given.map(({ setting }) => [setting, command.getOptionValue(setting)]));
}

/**
 * Checks one setting that was given.
 * @throws UsageError naming the option, what was found and what is expected
 */
export function checkSettings(given: Readonly<Record<string, unknown>>): void {
  for (const { setting, flags } of ALL_OPTIONS) {
    const found = given[setting];
    const schema = pruneSettings.shape[setting];
    if (found === undefined || schema.safeParse(found).success) continue;
    throw new UsageError(
      `${flags.split(' ', 1)[0]} is "${found}", but ${describeExpected(schema)} is expected.`,
      'Correct the option, or leave it out to use its default.',
    );
  }
}
