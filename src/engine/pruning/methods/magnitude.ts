import { type RankingMethod, rankingMethod } from './pruning-method.ts';

/** S = |W|. */
export const magnitude: RankingMethod = rankingMethod('none', async ({ readWeight }) =>
  (await readWeight()).map(Math.abs),
);
