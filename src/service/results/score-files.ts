import { existsSync, globSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { MODULES } from '../../contract/result.ts';
import { linearNamed } from '../../engine/checkpoint/config.ts';
import { readExactly, readSafetensorsHeader } from '../../engine/checkpoint/safetensors.ts';
import { CODED_PARTS, type CodedPart } from '../../engine/experiments/distribution.ts';
import { HISTOGRAM } from '../../engine/importance/joint-histogram.ts';

export type Module = (typeof MODULES)[number];

/** Code c > 0 of a matrix stands for the logarithm low + (c − 1) · step. */
export interface CodeScale {
  readonly low: number;
  readonly step: number;
}

/**
 * How many weights have which importance at μ = 0 and at μ = 1, in bins of codes along each axis: [general bin, domain bin].
 * The scales of the two are those of the histogram, which need not be those of the parts.
 */
export interface JointHistogram {
  readonly counts: Uint32Array;
  readonly general: CodeScale;
  readonly domain: CodeScale;
}

export interface MatrixHistogram extends JointHistogram {
  readonly layer: number;
  readonly module: Module;
}

const scale = z.tuple([z.number(), z.number().positive()]);
const scales = z.tuple([scale, scale]);

/** Layers whose scores of that part are there. */
export function countLayers(engineRun: string, part: CodedPart): number {
  return globSync('layer-*.safetensors', { cwd: join(engineRun, 'scores', part) }).length;
}

/** Which importances a run has kept. */
export const partsIn = (engineRun: string): CodedPart[] =>
  CODED_PARTS.filter(
    (part) => existsSync(join(engineRun, 'scores', part)) && countLayers(engineRun, part) > 0,
  );

/** Whether the parts are an importance for general ability and one for the domain, between which μ blends. */
export const hasBoth = (parts: readonly CodedPart[]): boolean =>
  (parts.includes('general') || parts.includes('mixed')) && parts.includes('domain');

/** The joint histograms of every matrix, without the codes; none where the run has one importance alone. */
export async function readJointHistograms(engineRun: string): Promise<MatrixHistogram[]> {
  if (!hasBoth(partsIn(engineRun))) return [];
  const layers = [...Array(countLayers(engineRun, 'domain')).keys()];
  const found: MatrixHistogram[] = [];
  for (const layer of layers) found.push(...(await readLayer(engineRun, layer)));
  return found;
}

async function readLayer(engineRun: string, layer: number): Promise<MatrixHistogram[]> {
  const path = shardPath(engineRun, 'domain', layer);
  const file = await open(path, 'r');
  try {
    const { tensors, metadata } = await readSafetensorsHeader(file, path);
    const found: MatrixHistogram[] = [];
    for (const tensor of tensors) {
      const module = linearNamed(tensor.name.replace(HISTOGRAM, ''));
      if (!module || !tensor.name.endsWith(HISTOGRAM)) continue;
      const { buffer } = await readExactly(file, tensor.begin, tensor.end - tensor.begin, path);
      found.push({ layer, module, counts: new Uint32Array(buffer), ...scalesOf(metadata, tensor.name) });
    }
    return found;
  } finally {
    await file.close();
  }
}

function scalesOf(metadata: Readonly<Record<string, string>>, histogram: string) {
  const [general, domain] = scales.parse(JSON.parse(metadata[histogram] ?? 'null'));
  return {
    general: { low: general[0], step: general[1] },
    domain: { low: domain[0], step: domain[1] },
  };
}

const shardPath = (engineRun: string, part: CodedPart, layer: number): string =>
  join(engineRun, 'scores', part, `layer-${String(layer).padStart(5, '0')}.safetensors`);
