import type { PruneSettings } from '../../../contract/settings.ts';
import { balancedLogImportance } from '../../importance/balanced-importance.ts';
import { decodeLogs, dualLogImportance } from '../../importance/log-code.ts';
import {
  codesFromShard,
  fisherFromShard,
  type ScoreStore,
  type StorePart,
} from '../../importance/score-store.ts';
import { type RankingMethod, rankingMethod } from './pruning-method.ts';

export type Criterion = Pick<PruneSettings, 'criterion' | 'mu'>;

/** D-Pruner: the importances of a finished run's score store, so that a mask is a pure function of the store. */
export function dPruner(store: ScoreStore, { criterion, mu }: Criterion): RankingMethod {
  return rankingMethod('none', async ({ name, layer }) => {
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
  });
}

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
