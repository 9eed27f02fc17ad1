import type { PruneSettings } from '../../../contract/settings.ts';
import { balancedLogImportance } from '../../importance/balanced-importance.ts';
import type { LayerShard } from '../../importance/layer-shard.ts';
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
  const shards = new Map<string, Promise<LayerShard>>();
  const read = (part: StorePart, layer: number): Promise<LayerShard> => {
    const key = `${part}/${layer}`;
    const known = shards.get(key);
    if (known) return known;
    if (shards.size >= 3) shards.clear(); // weights come layer by layer: the last layer's parts are enough
    const shard = store.read(part, layer);
    shards.set(key, shard);
    return shard;
  };
  return rankingMethod('none', async ({ name, layer }) => {
    const codes = async (part: StorePart) => codesFromShard(await read(part, layer), name);
    const fisher = async (part: 'open' | 'domain') => fisherFromShard(await read(part, layer), name);
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
