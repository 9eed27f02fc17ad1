import { type PruneSettings, pruneSettings } from '../../contract/settings.ts';
import type { MethodVariant } from '../../engine/comparison/comparison.ts';
import { describeExpected } from '../expectation.ts';
import { UsageError } from '../failure.ts';
import { numberOrText } from '../option-values.ts';
import { optionName } from '../setting-options.ts';

type SettingName = keyof PruneSettings;
type Method = PruneSettings['method'];

const METHODS = pruneSettings.shape.method.unwrap().options;

const CHOICE: readonly SettingName[] = ['group', 'blockSize', 'allocation', 'calibrateOn', 'damping'];
const COMPENSABLE: readonly SettingName[] = [...CHOICE, 'blocking', 'update'];

/** What may differ between the methods of a comparison; the rest is one for all. */
const SETTINGS_OF: Record<Method, readonly SettingName[]> = {
  'd-pruner': [
    ...COMPENSABLE,
    'selection',
    'criterion',
    'mu',
    'aggregation',
    'lambda',
    'alpha',
    'rho',
    'regularizer',
  ],
  magnitude: COMPENSABLE,
  wanda: COMPENSABLE,
  sparsegpt: CHOICE,
};

const COMPENSATE = 'compensate';

/** For --help. */
export const METHOD_GRAMMAR = 'METHOD[:SETTING=VALUE]…[+compensate], separated by commas';

/**
 * The methods of `a,b,c`, each `METHOD[:SETTING=VALUE]…[+compensate]` with the settings called as prune's options are:
 * `d-pruner:criterion=paper:rho=1+compensate`. The dense model may be among them and is left out: it is measured anyway.
 * @throws UsageError
 */
export function methodList(text: string): MethodVariant[] {
  const names = text.split(',').map((name) => name.trim());
  const methods = names.filter((name) => name !== 'dense').map(methodVariant);
  if (methods.length === 0)
    throw wrong('--methods names no method', `one of: ${METHODS.join(', ')} is expected`);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new UsageError(`--methods has "${twice}" twice.`, 'Leave out one of the two.');
  return methods;
}

function methodVariant(name: string): MethodVariant {
  const [chosen, ...additions] = name.split('+');
  const [methodName, ...pairs] = chosen.split(':');
  const method = METHODS.find((each) => each === methodName);
  if (!method)
    throw wrong(`--methods has "${name}"`, `it has to begin with one of: dense, ${METHODS.join(', ')}`);
  const settings: Partial<Record<SettingName, unknown>> = { method };
  for (const pair of pairs) {
    const { setting, value } = settingOf(name, method, pair);
    if (setting in settings)
      throw new UsageError(`"${name}" sets ${optionName(setting)} twice.`, 'Set it once.');
    settings[setting] = value;
  }
  if (additions.length > 0) {
    assertCompensates(name, method, additions);
    settings.compensate = true;
  }
  return { name, settings: settings as Partial<PruneSettings> }; // each was checked by its schema
}

function settingOf(name: string, method: Method, pair: string): { setting: SettingName; value: unknown } {
  const [, key, text] = /^([^=]+)=(.+)$/.exec(pair) ?? [];
  const known = SETTINGS_OF[method];
  const setting = known.find((each) => optionName(each) === key);
  if (setting === undefined || text === undefined) {
    const settings = known.map(optionName).join(', ');
    throw wrong(`"${name}" has "${pair}"`, `SETTING=VALUE is expected, with one of: ${settings}`);
  }
  const schema = pruneSettings.shape[setting];
  const parsed = schema.safeParse(setting === 'regularizer' ? yesOrNo(text) : numberOrText(text));
  if (parsed.success) return { setting, value: parsed.data };
  const expected = setting === 'regularizer' ? 'one of: yes, no' : describeExpected(schema);
  throw wrong(`"${name}" has ${key} "${text}"`, `${expected} is expected`);
}

function assertCompensates(name: string, method: Method, additions: readonly string[]): void {
  const other = additions.find((addition) => addition !== COMPENSATE);
  if (other !== undefined || additions.length > 1)
    throw wrong(
      `"${name}" has "+${other ?? COMPENSATE}"`,
      `nothing but one +${COMPENSATE} is expected there`,
    );
  if (method !== 'sparsegpt') return;
  throw new UsageError(
    `"${name}": SparseGPT updates the weights that stay by itself.`,
    'Write sparsegpt; beside it, METHOD:update=sweep+compensate is the same update for the weights that another method chose.',
  );
}

const yesOrNo = (text: string): unknown => ({ yes: true, no: false })[text] ?? text;

const wrong = (found: string, expected: string) =>
  new UsageError(
    `${found}, but ${expected}.`,
    `Write each method as ${METHOD_GRAMMAR}, such as d-pruner,d-pruner:mu=0.7,wanda+compensate.`,
  );
