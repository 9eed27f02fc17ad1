import { balancedEnds, FisherCodes } from '../importance/balanced-importance.ts';
import { HISTOGRAM_BINS, jointHistogram } from '../importance/joint-histogram.ts';
import type { LayerShard, ShardTensor } from '../importance/layer-shard.ts';
import type { LogCodes } from '../importance/log-code.ts';
import { type CodedMatrix, codesFromShard, fisherFromShard } from '../importance/score-store.ts';
import type { Needs } from './needs.ts';
import type { RunFolder } from './run-folder.ts';

/** A matrix's importance at μ = 0 and at μ = 1, between which the criterion blends. */
export interface ImportanceEnds {
  readonly general: LogCodes;
  readonly domain: LogCodes;
}

export type EndsOf = (name: string, domain: CodedMatrix) => ImportanceEnds;

/** What gives a matrix's ends from its domain importance; null for a run without a general importance. */
export async function importanceEnds(
  { store }: RunFolder,
  layer: number,
  { mixed: isMixed }: Needs,
): Promise<EndsOf | null> {
  if (isMixed) {
    const [mixed, open] = [await store.read('mixed', layer), await store.read('open', layer)];
    return (name, { codes, logMean = -Infinity }) =>
      balancedEnds(codesFromShard(mixed, name), fisherFromShard(open, name), new FisherCodes(codes, logMean));
  }
  if (!store.has('general', layer)) return null;
  const general = await store.read('general', layer);
  return (name, { codes }) => ({ general: codesFromShard(general, name), domain: codes });
}

/**
 * Adds each matrix's joint histogram, `<weight name>.histogram`, to a shard; the metadata of that name has the scales of its
 * two axes: [[low, step], [low, step]].
 */
export function withHistograms(shard: LayerShard, ends: ReadonlyMap<string, ImportanceEnds>): LayerShard {
  const tensors = new Map<string, ShardTensor>(shard.tensors);
  const metadata = { ...shard.metadata };
  for (const [name, { general, domain }] of ends) {
    tensors.set(histogramName(name), {
      shape: [HISTOGRAM_BINS, HISTOGRAM_BINS],
      values: jointHistogram(general, domain),
    });
    metadata[histogramName(name)] = JSON.stringify([general, domain].map(({ low, step }) => [low, step]));
  }
  return { tensors, metadata };
}

/** What a matrix's joint histogram is called, after the name of its weight. */
export const HISTOGRAM = '.histogram';

const histogramName = (weightName: string): string => `${weightName}${HISTOGRAM}`;
