import { existsSync } from 'node:fs';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { ModelInspection } from '../../contract/model.ts';
import type { Checkpoint } from '../../engine/checkpoint/checkpoint.ts';
import { openCheckpoint } from '../../engine/checkpoint/open-checkpoint.ts';
import { linearShape, linearsOf } from '../../engine/checkpoint/weight-names.ts';
import { modelFingerprint } from '../../engine/run/fingerprint.ts';
import { openTokenizer } from '../../engine/tokenizer/open-tokenizer.ts';
import { toProblem } from '../to-problem.ts';

/** What a model's folder says by its headers; no weight is read. Never throws for what a person can mend. */
export async function inspectModel(given: string): Promise<ModelInspection> {
  const dir = resolve(given);
  const nothing: ModelInspection = {
    ...{ dir, problems: [], notes: [], family: null, architecture: null, parameters: null },
    ...{ prunableParameters: null, layers: null, hiddenSize: null, vocabSize: null, dtype: null },
    ...{ contextLength: null, licence: null, sizeBytes: null, weightFiles: null, hasTokenizer: false },
    fingerprint: null,
  };
  let checkpoint: Checkpoint;
  try {
    checkpoint = await openCheckpoint(dir);
  } catch (error) {
    return { ...nothing, problems: [toProblem(error)], licence: await licenceOf(dir) };
  }
  try {
    const tokenizer = await tokenizerProblem(dir);
    return {
      ...nothing,
      ...(await describe(checkpoint)),
      hasTokenizer: tokenizer === null,
      problems: tokenizer ? [tokenizer] : [],
      notes: notesOf(checkpoint, await licenceOf(dir)),
      licence: await licenceOf(dir),
    };
  } finally {
    await checkpoint.close();
  }
}

async function describe(checkpoint: Checkpoint) {
  const { dir, config, tensors } = checkpoint;
  const sizes = [...tensors.values()].map(({ dtype, shape }) => ({
    dtype,
    size: shape.reduce((product, length) => product * length, 1),
  }));
  const byDtype = new Map<string, number>();
  for (const { dtype, size } of sizes) byDtype.set(dtype, (byDtype.get(dtype) ?? 0) + size);
  const [dtype = null] = [...byDtype].sort(([, a], [, b]) => b - a)[0] ?? [];
  const files = [...new Set([...tensors.values()].map(({ file }) => file))];
  const bytes = await Promise.all(files.map(async (file) => (await stat(join(dir, file))).size));
  const prunable = linearsOf(config)
    .map((linear) => linearShape(config, linear))
    .reduce((sum, [r, c]) => sum + r * c, 0);
  return {
    family: config.modelType,
    architecture: await architectureOf(dir),
    parameters: sizes.reduce((sum, { size }) => sum + size, 0),
    prunableParameters: prunable * config.numHiddenLayers,
    layers: config.numHiddenLayers,
    hiddenSize: config.hiddenSize,
    vocabSize: config.vocabSize,
    dtype,
    contextLength: config.maxPositionEmbeddings,
    sizeBytes: bytes.reduce((sum, size) => sum + size, 0),
    weightFiles: files.length,
    fingerprint: await modelFingerprint(checkpoint),
  };
}

async function architectureOf(dir: string): Promise<string | null> {
  const { architectures } = JSON.parse(await readFile(join(dir, 'config.json'), 'utf8'));
  return Array.isArray(architectures) && typeof architectures[0] === 'string' ? architectures[0] : null;
}

async function tokenizerProblem(dir: string) {
  try {
    await openTokenizer(dir);
    return null;
  } catch (error) {
    return toProblem(error);
  }
}

function notesOf({ config }: Checkpoint, licence: string | null): string[] {
  return [
    ...(licence === null
      ? ['The folder states no licence; check the terms under which the model may be changed and passed on.']
      : []),
    ...windowNotes(config),
  ];
}

function windowNotes({ attentionKinds }: Checkpoint['config']): string[] {
  const windows = attentionKinds.flatMap(({ slidingWindow }) => slidingWindow ?? []);
  if (windows.length === 0) return [];
  const where = windows.length < attentionKinds.length ? 'In some layers attention' : 'Attention';
  return [`${where} looks back ${Math.max(...windows)} tokens at most.`];
}

const CARD_BYTES = 64 * 1024;

/** `license:` in the head of the model card, else the name of a licence file. */
async function licenceOf(dir: string): Promise<string | null> {
  const card = join(dir, 'README.md');
  if (existsSync(card)) {
    const head = /^---\r?\n([\s\S]*?)\r?\n---/.exec(await readStart(card))?.[1] ?? '';
    const stated = /^license(?:_name)?:\s*["']?([^"'\r\n]{1,100}?)["']?\s*$/m.exec(head)?.[1];
    if (stated && stated !== 'other') return stated;
    const name = /^license_name:\s*["']?([^"'\r\n]{1,100}?)["']?\s*$/m.exec(head)?.[1];
    if (name) return name;
    if (stated) return stated;
  }
  const names = await readdir(dir).catch(() => []);
  return names.find((name) => /^(licen[cs]e|copying|notice)/i.test(name)) ?? null;
}

async function readStart(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(CARD_BYTES), 0, CARD_BYTES, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}
