import type { Kysely } from 'kysely';
import type { UsedDataset } from '../contract/used-dataset.ts';
import type { Tables } from './tables.ts';

const MOST = 200;

/** The data files that runs have read, by path and hash; those that were used last come first. */
export async function usedDatasets(query: Kysely<Tables>): Promise<UsedDataset[]> {
  const rows = await query
    .selectFrom('datasets')
    .innerJoin('run_datasets', 'run_datasets.dataset_id', 'datasets.id')
    .innerJoin('runs', 'runs.id', 'run_datasets.run_id')
    .select(['datasets.path', 'datasets.sha256', 'datasets.bytes'])
    .select(({ fn }) => [
      fn.count<number>('runs.id').distinct().as('runs'),
      fn.max('runs.created_at').as('lastUsedAt'),
    ])
    .groupBy('datasets.id')
    .orderBy('lastUsedAt', 'desc')
    .orderBy('datasets.path')
    .limit(MOST)
    .execute();
  return rows.map((row) => ({ ...row, lastUsedAt: row.lastUsedAt ?? '' }));
}
