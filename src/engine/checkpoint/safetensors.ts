import type { FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import { UserError } from '../../contract/error.ts';
import { findDuplicateKey } from './duplicate-key.ts';

/** Element types of a safetensors file that this program reads or writes, with the bytes of an element. */
export const DTYPE_BYTES = {
  F64: 8,
  I64: 8,
  U64: 8,
  F32: 4,
  I32: 4,
  U32: 4,
  F16: 2,
  BF16: 2,
  I16: 2,
  U16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
} as const;
export type SafetensorsDtype = keyof typeof DTYPE_BYTES;

/** A tensor of a safetensors file. Offsets are absolute bytes in the file. */
export interface SafetensorsEntry {
  readonly name: string;
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  /** In the order of their bytes; together they fill the file from `dataBegin` to its end. */
  readonly tensors: readonly SafetensorsEntry[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Absolute byte at which the first tensor starts. */
  readonly dataBegin: number;
}

/** The format's own limit for the header's JSON. */
const MAX_HEADER_BYTES = 100_000_000;
export const METADATA_KEY = '__metadata__';

const metadataJson = z.record(z.string(), z.string());
const entryJson = z.object({
  dtype: z.string(),
  shape: z.array(z.int().nonnegative()),
  data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
});

/**
 * Reads and checks the header of an open safetensors file; no tensor is read. `path` is named in errors:
 * SAFETENSORS_TRUNCATED when bytes are missing, SAFETENSORS_DTYPE for an unknown element type, SAFETENSORS_INVALID
 * for a header that lies about the file.
 */
export async function readSafetensorsHeader(file: FileHandle, path: string): Promise<SafetensorsHeader> {
  const { size: fileBytes } = await file.stat();
  if (fileBytes < 8)
    throw truncated(path, `it has ${fileBytes} bytes, fewer than the 8 of any safetensors file`);
  const length = Buffer.from(await readExactly(file, 0, 8, path)).readBigUInt64LE();
  if (length > MAX_HEADER_BYTES)
    throw invalid(path, `its header claims ${length} bytes; at most 100,000,000 are allowed`);
  const dataBegin = 8 + Number(length);
  if (dataBegin > fileBytes)
    throw truncated(path, `its header claims ${length} bytes, but ${fileBytes - 8} follow`);

  const json = parseHeaderJson(await readExactly(file, 8, Number(length), path), path);
  const { [METADATA_KEY]: rawMetadata = {}, ...entries } = json;
  const metadata = metadataJson.safeParse(rawMetadata);
  if (!metadata.success) throw invalid(path, `its ${METADATA_KEY} is not a map of texts`);

  const dataBytes = fileBytes - dataBegin;
  const tensors = Object.entries(entries)
    .map(([name, entry]) => parseEntry(name, entry, dataBegin, dataBytes, path))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkContiguous(tensors, dataBegin, fileBytes, path);
  return { tensors, metadata: metadata.data, dataBegin };
}

/** Reads exactly `length` bytes from `begin`; SAFETENSORS_TRUNCATED when the file ends before. */
export async function readExactly(
  file: FileHandle,
  begin: number,
  length: number,
  path: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  for (let filled = 0; filled < length; ) {
    const { bytesRead } = await file.read(bytes, filled, Math.min(length - filled, 2 ** 30), begin + filled);
    if (bytesRead === 0)
      throw truncated(path, `it ends at byte ${begin + filled}, but ${begin + length} are expected`);
    filled += bytesRead;
  }
  return bytes;
}

function parseHeaderJson(bytes: Uint8Array, path: string): Record<string, unknown> {
  let text: string;
  let json: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    json = JSON.parse(text);
  } catch (error) {
    throw invalid(path, 'its header is not valid JSON', error);
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw invalid(path, 'its header is not an object');
  const duplicate = findDuplicateKey(text);
  if (duplicate !== null) throw invalid(path, `its header names ${quote(duplicate)} twice`);
  return json as Record<string, unknown>;
}

function parseEntry(
  name: string,
  json: unknown,
  dataBegin: number,
  dataBytes: number,
  path: string,
): SafetensorsEntry {
  const parsed = entryJson.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw invalid(
      path,
      `the entry of tensor ${quote(name)} is wrong at "${issue?.path.join('.')}": ${issue?.message}`,
    );
  }
  const { dtype, shape, data_offsets } = parsed.data;
  if (!isSafetensorsDtype(dtype)) {
    throw new UserError(
      'SAFETENSORS_DTYPE',
      `${path}: tensor ${quote(name)} has the element type ${quote(dtype)}, which is not supported`,
      'Use a checkpoint stored as F32, F16 or BF16.',
    );
  }
  const [begin, end] = data_offsets;
  if (begin > end) throw invalid(path, `tensor ${quote(name)} ends at ${end}, before its begin ${begin}`);
  if (end > dataBytes) {
    throw truncated(
      path,
      `tensor ${quote(name)} ends at data byte ${end}, but only ${dataBytes} bytes of data are there`,
    );
  }
  const expected = byteLength(shape, dtype);
  if (expected === null || end - begin !== expected) {
    throw invalid(
      path,
      `tensor ${quote(name)} of shape [${shape.join(', ')}] and type ${dtype} needs ${expected ?? 'too many'} bytes, but has ${end - begin}`,
    );
  }
  return { name, dtype, shape, begin: dataBegin + begin, end: dataBegin + end };
}

function checkContiguous(
  tensors: readonly SafetensorsEntry[],
  dataBegin: number,
  fileBytes: number,
  path: string,
): void {
  let end = dataBegin;
  let previous = '';
  for (const tensor of tensors) {
    if (tensor.begin < end)
      throw invalid(path, `tensors ${quote(previous)} and ${quote(tensor.name)} overlap`);
    if (tensor.begin > end) {
      throw invalid(
        path,
        `${tensor.begin - end} bytes before tensor ${quote(tensor.name)} belong to no tensor`,
      );
    }
    end = tensor.end;
    previous = tensor.name;
  }
  if (end !== fileBytes) throw invalid(path, `its last ${fileBytes - end} bytes belong to no tensor`);
}

/** Bytes of a tensor; null where that is beyond exact integers, whatever a zero dimension makes of the product. */
export function byteLength(shape: readonly number[], dtype: SafetensorsDtype): number | null {
  let bytes: number = DTYPE_BYTES[dtype];
  for (const length of shape) {
    bytes *= length;
    if (!Number.isSafeInteger(bytes)) return null;
  }
  return bytes;
}

function isSafetensorsDtype(dtype: string): dtype is SafetensorsDtype {
  return Object.hasOwn(DTYPE_BYTES, dtype);
}

/** A name from the file, shortened: a hostile one may be millions of characters long. */
const quote = (name: string): string => JSON.stringify(name.length > 200 ? `${name.slice(0, 200)}…` : name);

function truncated(path: string, found: string): UserError {
  return new UserError(
    'SAFETENSORS_TRUNCATED',
    `${path} is not complete: ${found}`,
    'The download or copy was probably cut short; get the file again and compare its size or checksum.',
  );
}

function invalid(path: string, found: string, cause?: unknown): UserError {
  return new UserError(
    'SAFETENSORS_INVALID',
    `${path} is not a sound safetensors file: ${found}`,
    'Get the file again from a source that you trust.',
    { cause },
  );
}
