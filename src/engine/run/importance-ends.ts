import { balancedEnds } from '../importance/balanced-importance.ts';
import { HISTOGRAM, HISTOGRAM_BINS, jointHistogram } from '../importance/joint-histogram.ts';
import type { LayerShard, ShardTensor } from '../importance/layer-shard.ts';
import { FisherCodes, type LogCodes } from '../importance/log-code.ts';
import { type CodedMatrix, codesFromShard, fisherFromShard } from '../importance/score-store.ts';
import type { Needs } from './needs.ts';
import type { RunFolder } from './run-folder.ts';

/** A matrix's importance at μ = 0 and at μ = 1, between which the criterion blends. */
export interface ImportanceEnds {
  readonly general: LogCodes;
  readonly domain: LogCodes;
}

export type EndsOf = (name: string, domain: CodedMatrix) => Promise<ImportanceEnds>;

/** What gives a matrix's ends from its domain importance; null for a run without a general importance. */
export function importanceEnds(
  { store }: RunFolder,
  layer: number,
  { mixed: isMixed }: Needs,
): EndsOf | null {
  if (isMixed) {
    return async (name, { codes, logMean = -Infinity }) => {
      const mixed = codesFromShard(await store.read('mixed', layer, [name]), name);
      const open = fisherFromShard(await store.read('open', layer, [name]), name);
      return balancedEnds(mixed, open, new FisherCodes(codes, logMean));
    };
  }
  if (!store.has('general', layer)) return null;
  return async (name, { codes }) => ({
    general: codesFromShard(await store.read('general', layer, [name]), name),
    domain: codes,
  });
}

/** A matrix's joint histogram and the scales of its two axes, [[low, step], [low, step]]. */
export interface ScaledHistogram {
  readonly counts: Uint32Array<ArrayBuffer>;
  readonly scales: readonly (readonly [low: number, step: number])[];
}

export const histogramOf = ({ general, domain }: ImportanceEnds): ScaledHistogram => ({
  counts: jointHistogram(general, domain),
  scales: [general, domain].map(({ low, step }) => [low, step] as const),
});

/** Adds each matrix's joint histogram, `<weight name>.histogram`, to a shard; the metadata of that name has its scales. */
export function withHistograms(
  shard: LayerShard,
  histograms: ReadonlyMap<string, ScaledHistogram>,
): LayerShard {
  const tensors = new Map<string, ShardTensor>(shard.tensors);
  const metadata = { ...shard.metadata };
  for (const [name, { counts, scales }] of histograms) {
    tensors.set(histogramName(name), { shape: [HISTOGRAM_BINS, HISTOGRAM_BINS], values: counts });
    metadata[histogramName(name)] = JSON.stringify(scales);
  }
  return { tensors, metadata };
}

const histogramName = (weightName: string): string => `${weightName}${HISTOGRAM}`;
