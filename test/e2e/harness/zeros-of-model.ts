import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const PRUNABLE = /\.(self_attn\.[qkvo]_proj|mlp\.(gate|up|down)_proj)\.weight$/;
const SIXTEEN_BITS = ['F16', 'BF16'];

/** The share of zeros in each matrix that pruning may touch, by its name; read from the bytes of a model with one file. */
export function zerosOfModel(modelDir: string): ReadonlyMap<string, number> {
  const bytes = readFileSync(join(modelDir, 'model.safetensors'));
  const headerBytes = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + headerBytes)) as Record<
    string,
    { dtype: string; data_offsets: [number, number] }
  >;
  const shares = new Map<string, number>();
  for (const [name, tensor] of Object.entries(header)) {
    if (!PRUNABLE.test(name)) continue;
    if (!SIXTEEN_BITS.includes(tensor.dtype)) throw new Error(`${name} is ${tensor.dtype}.`);
    const [start, end] = tensor.data_offsets.map((offset) => 8 + headerBytes + offset) as [number, number];
    let zeros = 0;
    for (let at = start; at < end; at += 2) if (bytes.readUInt16LE(at) === 0) zeros++;
    shares.set(name, zeros / ((end - start) / 2));
  }
  return shares;
}
