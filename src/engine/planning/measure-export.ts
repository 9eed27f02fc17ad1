import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pruneSettings } from '../../contract/settings.ts';
import { parseModelConfig } from '../checkpoint/config.ts';
import { expectedTensors } from '../checkpoint/expected-tensors.ts';
import { openCheckpoint } from '../checkpoint/open-checkpoint.ts';
import { writeSafetensors } from '../checkpoint/write-safetensors.ts';
import { exportMasked } from '../run/export-masked.ts';
import { masksByMagnitude } from '../run/mask-source.ts';
import { probeModel } from './probe-model.ts';

/** About 13 million weights. */
const SMALL_MODEL = {
  model_type: 'llama',
  hidden_size: 1024,
  intermediate_size: 2816,
  num_hidden_layers: 1,
  num_attention_heads: 16,
  vocab_size: 512,
};

/** Seconds a weight of a whole verified export of a small model in a folder; both are removed again. */
export async function measureExport(folder: string): Promise<number> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const own = await mkdtemp(join(folder, 'export-'));
  try {
    const dir = join(own, 'model');
    await mkdir(dir);
    await writeSmallModel(dir);
    const checkpoint = await openCheckpoint(dir);
    try {
      const settings = pruneSettings.parse({ method: 'magnitude' });
      const startedAtMs = performance.now();
      const { size } = await exportMasked(checkpoint, {
        outDir: join(own, 'out'),
        pruned: { maskOf: masksByMagnitude(checkpoint, settings) },
        record: {},
        force: false,
        onProgress: () => {},
      });
      return (performance.now() - startedAtMs) / 1000 / size;
    } finally {
      await checkpoint.close();
    }
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

async function writeSmallModel(dir: string): Promise<void> {
  const config = parseModelConfig(SMALL_MODEL, 'config.json');
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
  await writeFile(join(dir, 'config.json'), JSON.stringify(SMALL_MODEL));
}
