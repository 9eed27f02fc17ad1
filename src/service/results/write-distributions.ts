import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImportanceDistributions } from '../../contract/importance.ts';
import type { ModelConfig } from '../../engine/checkpoint/config.ts';
import { linearsOf } from '../../engine/checkpoint/weight-names.ts';
import { type CodedPart, distributionsIn } from '../../engine/experiments/distribution.ts';
import { ScoreStore } from '../../engine/importance/score-store.ts';

/** Counts how each matrix's importances are distributed, once, since that takes all codes; plots need no more than this. */
export async function writeDistributions(
  config: ModelConfig,
  engineRun: string,
  file: string,
): Promise<void> {
  const found = await distributionsIn(config, new ScoreStore(join(engineRun, 'scores')));
  const byPlace = new Map(
    found.map(({ layer, module, part, distribution }) => [`${layer} ${module} ${part}`, distribution]),
  );
  const matrices: ImportanceDistributions['matrices'] = [];
  for (let layer = 0; layer < config.numHiddenLayers; layer++) {
    for (const module of linearsOf(config)) {
      const of = (part: CodedPart) => byPlace.get(`${layer} ${module} ${part}`) ?? null;
      const general = of('general') ?? of('mixed');
      matrices.push({ layer, module, general, domain: of('domain'), final: of('final') });
    }
  }
  await writeFile(file, JSON.stringify({ matrices }));
}
