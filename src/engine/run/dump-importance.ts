import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { PruneSettings } from '../../contract/settings.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { linearShape, linearsOf, linearWeight } from '../checkpoint/weight-names.ts';
import { type ShardTensor, writeLayerShard } from '../importance/layer-shard.ts';
import type { RunFolder } from './run-folder.ts';
import { floatsOf, statisticsOf } from './score-final.ts';
import { exactName } from './score-layers.ts';

/**
 * Writes what the scores were made of, a float32 safetensors file a layer, each tensor in its weight's shape:
 * `<weight name>.general` (G), `.gradient` (mean of g_j), `.gradient_abs` (mean of |g_j|), `.fisher` (mean of g_j²),
 * `.final` (the criterion's S) and, for the balanced criterion, `.fisher_open` (of the open text).
 */
export async function dumpImportance(
  run: RunFolder,
  checkpoint: Checkpoint,
  settings: PruneSettings,
  dir: string,
) {
  await mkdir(dir, { recursive: true });
  for (let layer = 0; layer < checkpoint.config.numHiddenLayers; layer++) {
    const general = await run.store.read('generalExact', layer);
    const domain = await run.store.read('domainExact', layer);
    const open = settings.criterion === 'balanced' ? await run.store.read('openExact', layer) : null;
    const paper = settings.criterion === 'paper' ? await run.store.read('finalExact', layer) : null;
    const tensors = new Map<string, ShardTensor>();
    for (const linear of linearsOf(checkpoint.config)) {
      const name = linearWeight(checkpoint.config, layer, linear);
      const shape = linearShape(checkpoint.config, linear);
      const g = floatsOf(general, name);
      const { fisher, gradient, gradientAbs } = statisticsOf(domain, name) as Record<
        string,
        Float32Array<ArrayBuffer>
      >;
      const weight = await checkpoint.readFloat32(name);
      const openFisher = open && floatsOf(open, exactName(name, 'fisher'));
      const final = paper
        ? floatsOf(paper, name)
        : openFisher
          ? balance(settings.mu, g, openFisher, fisher, weight)
          : combine(settings, g, fisher, weight);
      if (openFisher) tensors.set(`${name}.fisher_open`, { shape, values: openFisher });
      tensors.set(`${name}.general`, { shape, values: g });
      tensors.set(`${name}.gradient`, { shape, values: gradient });
      tensors.set(`${name}.gradient_abs`, { shape, values: gradientAbs });
      tensors.set(`${name}.fisher`, { shape, values: fisher });
      tensors.set(`${name}.final`, { shape, values: final });
    }
    await writeLayerShard(join(dir, `layer-${String(layer).padStart(3, '0')}.safetensors`), {
      tensors,
      metadata: {},
    });
  }
}

/** S = G^(1−μ) · (F·W²)^μ; G alone, or F·W² alone. */
function combine(
  { criterion, mu }: PruneSettings,
  general: Float32Array,
  fisher: Float32Array,
  weight: Float32Array,
) {
  const power = { dual: mu, general: 0, domain: 1, paper: Number.NaN, balanced: Number.NaN }[criterion];
  return Float32Array.from(general, (g, m) => g ** (1 - power) * (fisher[m] * weight[m] ** 2) ** power);
}

/** S = √(G · ((1−μ) F̂_open + μ F̂_domain)), F̂ = F·W² over its mean in the matrix. */
function balance(
  mu: number,
  general: Float32Array,
  open: Float32Array,
  domain: Float32Array,
  weight: Float32Array,
) {
  const relative = (fisher: Float32Array) => {
    const importance = Float64Array.from(fisher, (f, m) => f * weight[m] ** 2);
    const mean = importance.reduce((total, value) => total + value, 0) / importance.length || 1;
    return importance.map((value) => value / mean);
  };
  const [ofOpen, ofDomain] = [relative(open), relative(domain)];
  return Float32Array.from(general, (g, m) => Math.sqrt(g * ((1 - mu) * ofOpen[m] + mu * ofDomain[m])));
}
