import { existsSync, mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { InputGroup } from '../model/input-groups.ts';
import { unpackCorrelation } from './input-correlation.ts';
import {
  type LayerShard,
  readLayerShard,
  readShardMetadata,
  type ShardTensor,
  writeLayerShard,
} from './layer-shard.ts';
import { FisherCodes, LogCodes } from './log-code.ts';

/**
 * The parts of the store. `general`, `domain` and `final` hold 16-bit codes of log G, log(F·W²) and log S and stay
 * for as long as masks are to be made; so do `mixed`, log G with the Hessian of open and domain text together, and `open`,
 * log(F·W²) of the open text. `general` and `mixed` also hold how the inputs of each group of linear layers go together.
 * `generalExact`, `openExact`, `domainExact` and `finalExact` hold float32 and go with the run's end.
 * `pruned` holds the masks, and the updated weights, of what is pruned layer by layer,
 * and `chosen` the masks for which weights are compensated then.
 */
export const STORE_PARTS = [
  'general',
  'mixed',
  'open',
  'domain',
  'final',
  'generalExact',
  'openExact',
  'domainExact',
  'finalExact',
  'chosen',
  'pruned',
] as const;
export type StorePart = (typeof STORE_PARTS)[number];

const scale = z.tuple([z.number(), z.number().positive()]);

/** The importance of every weight, a shard for each part and layer. A shard that is there is whole. */
export class ScoreStore {
  private readonly dir: string;

  constructor(dir: string) {
    this.dir = dir;
  }

  has(part: StorePart, layer: number): boolean {
    return existsSync(this.path(part, layer));
  }

  async write(part: StorePart, layer: number, shard: LayerShard): Promise<void> {
    mkdirSync(join(this.dir, part), { recursive: true });
    await writeLayerShard(this.path(part, layer), shard);
  }

  /** @param names of the tensors wanted; all if they are not given */
  read(part: StorePart, layer: number, names?: readonly string[]): Promise<LayerShard> {
    return readLayerShard(this.path(part, layer), names);
  }

  /** A shard's metadata alone. */
  readMetadata(part: StorePart, layer: number): Promise<LayerShard['metadata']> {
    return readShardMetadata(this.path(part, layer));
  }

  async remove(part: StorePart): Promise<void> {
    await rm(join(this.dir, part), { recursive: true, force: true });
  }

  private path(part: StorePart, layer: number): string {
    return join(this.dir, part, `layer-${String(layer).padStart(5, '0')}.safetensors`);
  }
}

const OUTLIER_RATIO = 'outlierRatio';

/** The layer's outlier ratio over the text of this part; null for a part that has none. */
export const outlierRatioIn = (metadata: LayerShard['metadata']): number | null =>
  metadata[OUTLIER_RATIO] === undefined ? null : Number(metadata[OUTLIER_RATIO]);

/** A matrix's codes, and the logarithm of the mean that they stand for where it is wanted; a class as `LogCodes` is. */
export class CodedMatrix {
  readonly shape: readonly number[];
  readonly codes: LogCodes;
  readonly logMean?: number | undefined;

  constructor(shape: readonly number[], codes: LogCodes, logMean?: number) {
    this.shape = shape;
    this.codes = codes;
    this.logMean = logMean;
  }
}

/** Lays codes of several matrices out as a shard; their scales and the layer's facts go into its metadata. */
export function codesToShard(
  matrices: ReadonlyMap<string, CodedMatrix>,
  extra: ReadonlyMap<string, ShardTensor> = new Map(),
  facts: { readonly outlierRatio?: number } = {},
): LayerShard {
  const tensors = new Map<string, ShardTensor>(extra);
  const metadata: Record<string, string> = {};
  if (facts.outlierRatio !== undefined) metadata[OUTLIER_RATIO] = String(facts.outlierRatio);
  for (const [name, { shape, codes, logMean }] of matrices) {
    tensors.set(name, { shape, values: codes.codes });
    metadata[name] = JSON.stringify([codes.low, codes.step]);
    if (logMean !== undefined) metadata[meanName(name)] = String(logMean);
  }
  return { tensors, metadata };
}

const meanName = (name: string): string => `${name}.logMean`;

/** The codes of one matrix of a shard. */
export function codesFromShard({ tensors, metadata }: LayerShard, name: string): LogCodes {
  const values = tensors.get(name)?.values;
  if (!(values instanceof Uint16Array)) throw new Error(`the score store has no codes of ${name}`);
  const [low, step] = scale.parse(JSON.parse(metadata[name]));
  return new LogCodes(values as Uint16Array<ArrayBuffer>, low, step);
}

/** The codes of F·W² of one matrix of a shard, with its mean. */
export function fisherFromShard(shard: LayerShard, name: string): FisherCodes {
  const logMean = Number(shard.metadata[meanName(name)] ?? Number.NaN);
  if (Number.isNaN(logMean)) throw new Error(`the score store has no mean of ${name}`);
  return new FisherCodes(codesFromShard(shard, name), logMean);
}

/** The tensor of a `general` or `mixed` shard that says how a group's inputs go together. */
export const correlationName = (group: InputGroup): string => `inputs.${group}`;

/** ρ of a group's inputs, [n, n]. */
export function correlationFromShard({ tensors }: LayerShard, group: InputGroup, n: number): Float32Array {
  const values = tensors.get(correlationName(group))?.values;
  if (!(values instanceof Uint16Array)) throw new Error(`the score store has no correlation of ${group}`);
  return unpackCorrelation(values, n);
}
