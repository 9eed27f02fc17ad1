import { open } from 'node:fs/promises';
import { readExactly, readSafetensorsHeader } from '../checkpoint/safetensors.ts';
import { writeSafetensors } from '../checkpoint/write-safetensors.ts';
import { makeRoomFor } from '../tensor/reclaim.ts';

/** What a shard may hold; the element type follows from the array's. */
export type ShardValues =
  | Uint8Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>;

export interface ShardTensor {
  readonly shape: readonly number[];
  readonly values: ShardValues;
}

/** What one stage found out about one decoder layer, by weight name. */
export interface LayerShard {
  readonly tensors: ReadonlyMap<string, ShardTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Writes a shard as a safetensors file: it is whole and on the disk, or it is not there. */
export async function writeLayerShard(path: string, { tensors, metadata }: LayerShard): Promise<void> {
  const sources = [...tensors].map(([name, { shape, values }]) => ({
    name,
    shape,
    dtype: dtypeOf(values),
    chunks: () => [new Uint8Array(values.buffer, values.byteOffset, values.byteLength)],
  }));
  await writeSafetensors(path, sources, metadata);
}

/** @param names of the tensors wanted; all if they are not given */
export async function readLayerShard(path: string, names?: readonly string[]): Promise<LayerShard> {
  const file = await open(path, 'r');
  try {
    const header = await readSafetensorsHeader(file, path);
    const tensors = new Map<string, ShardTensor>();
    for (const { name, dtype, shape, begin, end } of header.tensors) {
      if (names && !names.includes(name)) continue;
      makeRoomFor(end - begin);
      const { buffer } = await readExactly(file, begin, end - begin, path);
      tensors.set(name, { shape, values: new (ARRAYS[dtype as keyof typeof ARRAYS] ?? Uint16Array)(buffer) });
    }
    return { tensors, metadata: header.metadata };
  } finally {
    await file.close();
  }
}

/** The metadata of a shard, without its tensors. */
export async function readShardMetadata(path: string): Promise<LayerShard['metadata']> {
  const file = await open(path, 'r');
  try {
    return (await readSafetensorsHeader(file, path)).metadata;
  } finally {
    await file.close();
  }
}

const ARRAYS = { U8: Uint8Array, U16: Uint16Array, U32: Uint32Array, F32: Float32Array } as const;

function dtypeOf(values: ShardValues): keyof typeof ARRAYS {
  if (values instanceof Uint8Array) return 'U8';
  if (values instanceof Float32Array) return 'F32';
  return values instanceof Uint16Array ? 'U16' : 'U32';
}
