import type { Distribution } from '../../contract/importance.ts';
import type { ModelConfig } from '../checkpoint/config.ts';
import { type Linear, linearsOf, linearWeight } from '../checkpoint/weight-names.ts';
import { CODES_A_BIN } from '../importance/joint-histogram.ts';
import { LARGEST_CODE, type LogCodes } from '../importance/log-code.ts';
import { codesFromShard, type ScoreStore, type StorePart } from '../importance/score-store.ts';

/** The parts of a score store that hold a code for every weight. */
export const CODED_PARTS = [
  'general',
  'mixed',
  'open',
  'domain',
  'final',
] as const satisfies readonly StorePart[];
export type CodedPart = (typeof CODED_PARTS)[number];

/** The distribution of one part's importance in one matrix. */
export interface PartDistribution {
  readonly layer: number;
  readonly module: Linear;
  readonly part: CodedPart;
  readonly distribution: Distribution;
}

/** Of every matrix and every part that a store has, layer by layer. */
export async function distributionsIn(config: ModelConfig, store: ScoreStore): Promise<PartDistribution[]> {
  const found: PartDistribution[] = [];
  for (let layer = 0; layer < config.numHiddenLayers; layer++) {
    for (const part of CODED_PARTS) {
      if (!store.has(part, layer)) continue;
      const shard = await store.read(part, layer);
      for (const module of linearsOf(config)) {
        const name = linearWeight(config, layer, module);
        if (!shard.tensors.has(name)) continue;
        found.push({ layer, module, part, distribution: distributionOf(codesFromShard(shard, name)) });
      }
    }
  }
  return found;
}

const BINS = 64;
const QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95] as const;

/** Of codes above 0; bin b holds the codes 1 + 1024 b and the 1023 after it. */
export function distributionOf({ codes, low, step }: LogCodes): Distribution {
  const counts = new Array<number>(BINS).fill(0);
  let dead = 0;
  let total = 0;
  for (const code of codes) {
    if (code === 0) {
      dead++;
      continue;
    }
    total += code - 1;
    counts[(code - 1) >> 10]++;
  }
  const alive = codes.length - dead;
  const logOf = (place: number) => low + place * step;
  return {
    low,
    high: logOf(LARGEST_CODE),
    counts,
    dead,
    mean: alive === 0 ? low : logOf(total / alive),
    quantiles: QUANTILES.map((q) => logOf(placeOf(counts, q * alive))) as Distribution['quantiles'],
  };
}

/** The code below which `rank` weights lie, as if they were spread evenly within a bin. */
function placeOf(counts: readonly number[], rank: number): number {
  let below = 0;
  for (const [bin, count] of counts.entries()) {
    if (count > 0 && below + count >= rank) return CODES_A_BIN * (bin + (rank - below) / count);
    below += count;
  }
  return LARGEST_CODE;
}
