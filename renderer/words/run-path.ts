import type { RunSummary } from '../../src/contract/run.ts';

/** Where a run is best looked at: its results once there are some. */
export const runPath = ({ id, status }: Pick<RunSummary, 'id' | 'status'>): string =>
  status === 'finished' ? `/runs/${id}/results` : `/runs/${id}`;
