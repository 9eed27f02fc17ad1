import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Distribution, ImportanceDistributions } from '../../contract/importance.ts';
import type { ModelConfig } from '../../engine/checkpoint/config.ts';
import { linearsOf, linearWeight } from '../../engine/checkpoint/weight-names.ts';
import { CODES_A_BIN } from '../../engine/importance/joint-histogram.ts';
import { LARGEST_CODE, type LogCodes } from '../../engine/importance/log-code.ts';
import { codesFromShard, ScoreStore } from '../../engine/importance/score-store.ts';
import { CODED_PARTS, type CodedPart } from './score-files.ts';

const BINS = 64;
const QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95] as const;

/** Counts how each matrix's importances are distributed, once, since that takes all codes; plots need no more than this. */
export async function writeDistributions(
  config: ModelConfig,
  engineRun: string,
  file: string,
): Promise<void> {
  const store = new ScoreStore(join(engineRun, 'scores'));
  const matrices: ImportanceDistributions['matrices'] = [];
  for (let layer = 0; layer < config.numHiddenLayers; layer++) {
    const found = new Map<CodedPart, Map<string, Distribution>>();
    for (const part of CODED_PARTS) {
      if (!store.has(part, layer)) continue;
      const shard = await store.read(part, layer);
      const names = linearsOf(config).map((module) => linearWeight(config, layer, module));
      const known = names.filter((name) => shard.tensors.has(name));
      found.set(part, new Map(known.map((name) => [name, distributionOf(codesFromShard(shard, name))])));
    }
    for (const module of linearsOf(config)) {
      const of = (part: CodedPart) => found.get(part)?.get(linearWeight(config, layer, module)) ?? null;
      const general = of('general') ?? of('mixed');
      matrices.push({ layer, module, general, domain: of('domain'), final: of('final') });
    }
  }
  await writeFile(file, JSON.stringify({ matrices }));
}

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
