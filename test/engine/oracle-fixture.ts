import { open, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Checkpoint } from '../../src/engine/checkpoint/checkpoint.ts';
import { openCheckpoint } from '../../src/engine/checkpoint/open-checkpoint.ts';
import { readExactly, readSafetensorsHeader } from '../../src/engine/checkpoint/safetensors.ts';

export const FIXTURES = join(import.meta.dirname, '../oracle/fixtures');

/** Of families beyond LLaMA's own form; what is expected of them includes the masks of the dual importance. */
export const FAMILY_TOYS = [
  'toy-qwen3',
  'toy-qwen2-window',
  'toy-smollm3',
  'toy-phi3',
  'toy-bloom',
  'toy-gemma2',
  'toy-gemma3',
  'toy-phi4',
] as const;

export const TOYS = [
  'toy-llama',
  'toy-llama3-rope',
  'toy-linear-rope',
  'toy-tied',
  'toy-qwen2',
  'toy-mistral',
  'toy-attention-bias',
  ...FAMILY_TOYS,
] as const;

/** What `expected.json` holds, see the fixtures' README. */
interface Facts {
  readonly parameters: { readonly damping: number; readonly mu: number; readonly blockSize: number };
  readonly losses: readonly number[];
  readonly regularizer: {
    readonly medianGeneralTimesFisher: number;
    readonly strengths: Readonly<Record<'printed' | 'rho' | 'none', number>>;
    readonly rhoOfPrinted: number;
  };
}

/** A checkpoint with its tokens and what PyTorch says of them. */
export interface OracleFixture {
  readonly checkpoint: Checkpoint;
  readonly domain: readonly Int32Array[];
  readonly open: readonly Int32Array[];
  readonly facts: Facts;
  /** Names of all expected tensors. */
  readonly names: readonly string[];
  expected(name: string): Promise<Float32Array | Uint8Array>;
  close(): Promise<void>;
}

/** @param folder a toy's name, or the path of a folder laid out like one */
export async function openFixture(folder: string): Promise<OracleFixture> {
  const dir = resolve(FIXTURES, folder);
  const tokens = JSON.parse(await readFile(join(dir, 'tokens.json'), 'utf8'));
  const facts: Facts = JSON.parse(await readFile(join(dir, 'expected.json'), 'utf8'));
  const checkpoint = await openCheckpoint(dir);
  const path = join(dir, 'expected.safetensors');
  const file = await open(path, 'r');
  const header = await readSafetensorsHeader(file, path);
  const entries = new Map(header.tensors.map((entry) => [entry.name, entry]));
  const asIds = (samples: number[][]) => samples.map((ids) => Int32Array.from(ids));
  return {
    checkpoint,
    domain: asIds(tokens.domain),
    open: asIds(tokens.open),
    facts,
    names: [...entries.keys()],
    async expected(name) {
      const entry = entries.get(name);
      if (!entry) throw new Error(`${path} has no ${name}`);
      const bytes = await readExactly(file, entry.begin, entry.end - entry.begin, path);
      return entry.dtype === 'U8' ? bytes : new Float32Array(bytes.buffer);
    },
    async close() {
      await file.close();
      await checkpoint.close();
    },
  };
}
