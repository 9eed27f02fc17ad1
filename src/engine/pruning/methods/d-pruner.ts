import { type PruneSettings, selectionOf } from '../../../contract/settings.ts';
import { balancedLogImportance } from '../../importance/balanced-importance.ts';
import { decodeLogs, dualLogImportance } from '../../importance/log-code.ts';
import {
  codesFromShard,
  correlationFromShard,
  correlationName,
  fisherFromShard,
  type ScoreStore,
  type StorePart,
} from '../../importance/score-store.ts';
import { groupOf } from '../../model/input-groups.ts';
import { selectJointly } from '../joint-selection.ts';
import { maskWithout, pruneLowest } from '../mask.ts';
import { type KeysOf, type RankingMethod, rankingMethod, type Select } from './pruning-method.ts';

export type Criterion = Pick<PruneSettings, 'criterion' | 'mu' | 'selection'>;

/** D-Pruner: the importances of a finished run's score store, so that a mask is a pure function of the store. */
export const dPruner = (store: ScoreStore, settings: Criterion): RankingMethod =>
  selectionOf(settings) === 'joint'
    ? rankingMethod('none', logImportanceIn(store, settings), jointlyIn(store, settings))
    : rankingMethod('none', logImportanceIn(store, settings));

function logImportanceIn(store: ScoreStore, { criterion, mu }: Criterion): KeysOf {
  return async ({ name, layer }) => {
    const read = (part: StorePart) => store.read(part, layer, [name]);
    const codes = async (part: StorePart) => codesFromShard(await read(part), name);
    const fisher = async (part: 'open' | 'domain') => fisherFromShard(await read(part), name);
    switch (criterion) {
      case 'balanced':
        return balancedLogImportance(await codes('mixed'), await fisher('open'), await fisher('domain'), mu);
      case 'dual':
        return dualLogImportance(await codes('general'), await codes('domain'), mu);
      case 'paper':
        return decodeLogs(await codes('final'));
      default:
        return decodeLogs(await codes(criterion));
    }
  };
}

/** Starts from the lowest importances. */
function jointlyIn(store: ScoreStore, { criterion }: Criterion): Select {
  const part = correlationPart(criterion);
  return async ({ layer, linear, rows, columns, readWeight }, logImportance, grouping) => {
    const group = groupOf(linear);
    const shard = await store.read(part, layer, [correlationName(group)]);
    const correlation = correlationFromShard(shard, group, columns);
    const start = pruneLowest(logImportance, rows, columns, grouping);
    const matrix = { logImportance, weight: await readWeight(), correlation, columns };
    return maskWithout(selectJointly(matrix, start, grouping), rows, columns);
  };
}

/** The part of the store that says how the inputs go together. */
export const correlationPart = (criterion: Criterion['criterion']): 'mixed' | 'general' =>
  criterion === 'balanced' ? 'mixed' : 'general';

/** The parts of the store that a criterion's masks are made from. */
export function partsOf(criterion: Criterion['criterion']): StorePart[] {
  switch (criterion) {
    case 'balanced':
      return ['mixed', 'open', 'domain'];
    case 'dual':
      return ['general', 'domain'];
    case 'paper':
      return ['final'];
    default:
      return [criterion];
  }
}
