import { UserError } from '../../contract/error.ts';
import { choosesJointly, hasGeneralImportance, type PruneSettings } from '../../contract/settings.ts';
import type { ModelConfig } from '../checkpoint/config.ts';
import { linearShape, linearsOf } from '../checkpoint/weight-names.ts';
import { defaultBlockColumns, type Grouping } from './mask.ts';
import { PATTERNS } from './n-m.ts';

/** What says which weights are compared with each other. */
export type GroupSettings = Pick<
  PruneSettings,
  'sparsity' | 'blocking' | 'blockSize' | 'group' | 'pattern' | 'allocation'
>;

/** `matrix`: all weights of a matrix; `row`: those of one output; `block`: those of 128 columns over all rows. */
export type ComparisonGroup = NonNullable<PruneSettings['group']>;

/** Columns that SparseGPT takes at once, whatever the matrix's width. */
const SPARSEGPT_BLOCK = 128;

/** The groups that a method's authors use. */
const USUAL_GROUP: Record<PruneSettings['method'], ComparisonGroup> = {
  'd-pruner': 'matrix',
  magnitude: 'matrix',
  wanda: 'row',
  sparsegpt: 'block',
};

/** The parts of a matrix of so many columns in which a sparsity holds. Rows and blocks together: each row of each block. */
export function groupingOf(
  method: PruneSettings['method'],
  { blocking, blockSize, group, pattern, allocation }: GroupSettings,
  columns: number,
  sparsity: number,
): Grouping {
  const kind = group ?? USUAL_GROUP[method];
  const width = blockSize ?? (method === 'sparsegpt' ? SPARSEGPT_BLOCK : defaultBlockColumns(columns));
  const isBlocked = kind === 'block' || blocking === 'iterative' || method === 'sparsegpt';
  return {
    sparsity,
    blockColumns: isBlocked ? width : null,
    byRow: kind === 'row',
    carried: allocation === 'owl', // its sparsities leave rows with fractions of a weight
    pattern: PATTERNS[pattern],
  };
}

/**
 * Refuses settings that contradict each other or the model.
 * @throws UserError SETTINGS_CONFLICT, PATTERN_DOES_NOT_FIT
 */
export function assertMaskSettings(
  settings: GroupSettings & Pick<PruneSettings, 'method' | 'criterion' | 'regularizer' | 'selection'>,
  config: ModelConfig,
): void {
  const { method, sparsity, blocking, blockSize, group, pattern: name, allocation } = settings;
  if (group === 'matrix' && blocking === 'iterative')
    throw conflict('--group matrix compares whole matrices, --blocking iterative blocks of columns.');
  if (group === 'matrix' && method === 'sparsegpt')
    throw conflict('SparseGPT chooses block by block, so --group matrix cannot be had with it.');
  if (choosesJointly(settings) && !hasGeneralImportance(settings))
    throw conflict(
      '--selection joint needs to know how the inputs go together, which the general importance finds; this criterion has none.',
    );
  const pattern = PATTERNS[name];
  if (!pattern) return;
  const share = 1 - pattern.kept / pattern.group;
  if (sparsity !== share)
    throw conflict(`--pattern ${name} means a sparsity of ${share}, but --sparsity is ${sparsity}.`);
  if (group !== null || blocking === 'iterative')
    throw conflict(
      `--pattern ${name} compares ${pattern.group} weights with each other, so --group and --blocking say nothing.`,
    );
  if (allocation !== 'uniform')
    throw conflict(
      `--pattern ${name} fixes the sparsity of each layer, --allocation ${allocation} moves it.`,
    );
  if (method === 'sparsegpt' && (blockSize ?? SPARSEGPT_BLOCK) % pattern.group !== 0)
    throw conflict(
      `--block-size ${blockSize} cuts through the groups of ${pattern.group} of --pattern ${name}.`,
    );
  for (const linear of linearsOf(config)) {
    const [, columns] = linearShape(config, linear);
    if (columns % pattern.group !== 0) throw doesNotFit(name, linear, columns, pattern.group);
  }
}

const conflict = (message: string) =>
  new UserError('SETTINGS_CONFLICT', message, 'Leave out one of the two.');

const doesNotFit = (pattern: string, linear: string, columns: number, group: number) =>
  new UserError(
    'PATTERN_DOES_NOT_FIT',
    `--pattern ${pattern} needs inputs in groups of ${group}, but ${linear} has ${columns} of them.`,
    'Prune this model unstructured.',
  );
