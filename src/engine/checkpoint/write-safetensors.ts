import { writeDurably } from './durable-file.ts';
import { byteLength, DTYPE_BYTES, METADATA_KEY, type SafetensorsDtype } from './safetensors.ts';

/** A tensor to be written. Its bytes are asked for once, when their turn comes. */
export interface TensorSource {
  readonly name: string;
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
  /** Row-major little-endian bytes, in chunks of any length. */
  readonly chunks: () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/**
 * Streams tensors into a safetensors file, which appears under `path` only when it is whole and on the disk.
 * Tensors are laid out by falling element size (so that each is aligned), else in the order given.
 * Errors: DISK_FULL, OUTPUT_NOT_WRITABLE; a RangeError for a wrong name, shape or number of bytes.
 */
export async function writeSafetensors(
  path: string,
  tensors: readonly TensorSource[],
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const ordered = [...tensors].sort((a, b) => DTYPE_BYTES[b.dtype] - DTYPE_BYTES[a.dtype]);
  const header = encodeHeader(ordered, metadata);
  await writeDurably(path, async (append) => {
    await append(header);
    for (const tensor of ordered) {
      let left = tensorBytes(tensor);
      for await (const chunk of tensor.chunks()) {
        left -= chunk.length;
        if (left < 0) break;
        await append(chunk);
      }
      if (left !== 0)
        throw new RangeError(`tensor ${tensor.name} gave ${left < 0 ? 'too many' : 'too few'} bytes`);
    }
  });
}

/** The length, the JSON and blanks up to a multiple of 8 bytes. */
function encodeHeader(
  tensors: readonly TensorSource[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  // A Map, because an object would move names that look like numbers to the front.
  const entries = new Map<string, unknown>();
  if (Object.keys(metadata).length > 0) entries.set(METADATA_KEY, metadata);
  let end = 0;
  for (const tensor of tensors) {
    if (tensor.name === METADATA_KEY || entries.has(tensor.name)) {
      throw new RangeError(`tensor name ${tensor.name} is taken`);
    }
    const begin = end;
    end += tensorBytes(tensor);
    entries.set(tensor.name, { dtype: tensor.dtype, shape: tensor.shape, data_offsets: [begin, end] });
  }
  const members = [...entries].map(([name, entry]) => `${JSON.stringify(name)}:${JSON.stringify(entry)}`);
  const json = Buffer.from(`{${members.join(',')}}`);
  const bytes = Buffer.alloc(Math.ceil((8 + json.length) / 8) * 8, ' ');
  bytes.writeBigUInt64LE(BigInt(bytes.length - 8));
  json.copy(bytes, 8);
  return bytes;
}

function tensorBytes({ name, shape, dtype }: TensorSource): number {
  const bytes = byteLength(shape, dtype);
  if (bytes === null) throw new RangeError(`tensor ${name} of shape [${shape.join(', ')}] is too large`);
  return bytes;
}
