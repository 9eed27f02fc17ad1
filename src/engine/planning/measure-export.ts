import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pruneSettings } from '../../contract/settings.ts';
import { parseModelConfig } from '../checkpoint/config.ts';
import { expectedTensors } from '../checkpoint/expected-tensors.ts';
import { openCheckpoint } from '../checkpoint/open-checkpoint.ts';
import { writeSafetensors } from '../checkpoint/write-safetensors.ts';
import { exportMasked } from '../run/export-masked.ts';
import { masksByMagnitude } from '../run/mask-source.ts';
import { sizesOf } from './model-sizes.ts';
import { probeModel } from './probe-model.ts';

/** How fast a whole verified export is. */
export interface ExportRates {
  /** Seconds a weight that is pruned, written, read back and compared. */
  readonly pruning: number;
  /** The same of those that are only copied: embeddings, head and norms. */
  readonly copying: number;
}

const SMALL_MODEL = {
  model_type: 'llama',
  hidden_size: 1024,
  num_hidden_layers: 1,
  num_attention_heads: 16,
};
/** 13 million weights, nearly all of them in linear layers. */
const MOSTLY_LINEARS = { ...SMALL_MODEL, intermediate_size: 2816, vocab_size: 512 };
/** 21 million weights, most of them in the embedding and the head. */
const MOSTLY_VOCABULARY = { ...SMALL_MODEL, intermediate_size: 64, vocab_size: 8192 };
/** Copying is not free, whatever noise says. */
const LEAST_SHARE = 0.05;

/** Exports small models in a folder; they are removed again. */
export async function measureExport(folder: string): Promise<ExportRates> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const own = await mkdtemp(join(folder, 'export-'));
  try {
    const linears = await timeExport(join(own, 'linears'), MOSTLY_LINEARS);
    const pruning = linears.seconds / (linears.pruned + linears.copied);
    const vocabulary = await timeExport(join(own, 'vocabulary'), MOSTLY_VOCABULARY);
    const copying = (vocabulary.seconds - pruning * vocabulary.pruned) / vocabulary.copied;
    return { pruning, copying: Math.max(copying, LEAST_SHARE * pruning) };
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

async function timeExport(dir: string, json: Readonly<Record<string, unknown>>) {
  await mkdir(dir);
  await writeRandomModel(dir, json);
  const checkpoint = await openCheckpoint(dir);
  try {
    const settings = pruneSettings.parse({ method: 'magnitude' });
    const startedAtMs = performance.now();
    await exportMasked(checkpoint, {
      outDir: `${dir}-out`,
      pruned: { maskOf: masksByMagnitude(checkpoint, settings) },
      record: {},
      force: false,
      onProgress: () => {},
    });
    const seconds = (performance.now() - startedAtMs) / 1000;
    const { allWeights, layerWeights } = sizesOf(checkpoint.config);
    return { seconds, pruned: layerWeights, copied: allWeights - layerWeights };
  } finally {
    await checkpoint.close();
  }
}

async function writeRandomModel(dir: string, json: Readonly<Record<string, unknown>>): Promise<void> {
  const config = parseModelConfig(json, 'config.json');
  const { readRaw } = probeModel(config);
  const sources = [...expectedTensors(config)].map(([name, shape]) => ({
    name,
    shape,
    dtype: 'BF16' as const,
    async *chunks() {
      yield await readRaw(name);
    },
  }));
  await writeSafetensors(join(dir, 'model.safetensors'), sources);
  await writeFile(join(dir, 'config.json'), JSON.stringify(json));
}
