import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataQuestion } from '../../src/contract/data-inspection.ts';
import { DEMO, DEMO_MODEL } from '../../src/service/demo.ts';
import { refusal } from '../engine/checkpoint/refusal.ts';
import { temporaryFolder } from '../engine/checkpoint/temporary-folder.ts';
import { type ServiceProcess, services } from './service-process.ts';

const folder = temporaryFolder();
const started = services();
afterAll(started.killAll);
let service: ServiceProcess;
beforeAll(async () => {
  service = await started.start(join(folder, 'data'));
});

const write = (name: string, content: string): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const records = (...texts: string[]): string => texts.map((text) => `${JSON.stringify({ text })}\n`).join('');
const question = (files: string[], changes: Partial<DataQuestion> = {}): DataQuestion => ({
  modelDir: DEMO_MODEL,
  part: null,
  files,
  sequenceLength: 16,
  ...changes,
});

describe('looking at a model', () => {
  const copyOfDemo = (name: string): string => {
    const dir = join(folder, name);
    cpSync(DEMO_MODEL, dir, { recursive: true });
    return dir;
  };

  it('tells what it is from its headers', async () => {
    expect(await service.request('models.inspect', { dir: DEMO_MODEL })).toMatchObject({
      problems: [],
      family: 'llama',
      layers: 4,
      hiddenSize: 192,
      dtype: 'F16',
      weightFiles: 1,
      hasTokenizer: true,
    });
  });

  it('names the shard that is missing', async () => {
    const dir = copyOfDemo('shard');
    rmSync(join(dir, 'model.safetensors'));
    const shards = { weight_map: { 'model.embed_tokens.weight': 'model-00002-of-00002.safetensors' } };
    writeFileSync(join(dir, 'model.safetensors.index.json'), JSON.stringify(shards));
    const found = await service.request('models.inspect', { dir });
    expect(JSON.stringify(found)).toContain('model-00002-of-00002.safetensors');
  });

  it('refuses a pickle checkpoint and says how to convert it', async () => {
    const dir = copyOfDemo('pickle');
    rmSync(join(dir, 'model.safetensors'));
    writeFileSync(join(dir, 'pytorch_model.bin'), 'not loaded');
    const found = await service.request('models.inspect', { dir });
    expect(JSON.stringify(found)).toMatch(/pytorch_model\.bin.*safetensors/);
  });
});

describe('looking at data', () => {
  it('counts records, duplicates, lengths, truncation and patterns like personal data', async () => {
    const long = 'the court held that the contract was void and the parties are bound by the terms '.repeat(
      3,
    );
    const file = write(
      'mixed.jsonl',
      records('a short one', 'a short one', long, 'Write to ann@example.org.'),
    );
    const found = await service.request('data.inspect', question([file]));
    expect(found).toMatchObject({ records: 4, duplicates: 1, tokenised: 3, overlap: null });
    expect(found.truncated).toBeGreaterThanOrEqual(1);
    expect(found.lengths.reduce((sum, bin) => sum + bin.records, 0)).toBe(found.tokenised);
    expect(found.tokens.longest).toBeGreaterThan(16);
    expect(found.personal.find(({ pattern }) => pattern === 'email')?.records).toBe(1);
    expect(found.files[0]?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(found)).not.toContain('ann@example.org');
  });

  it('finds records that occur in the text the model will be measured on', async () => {
    const shared = 'one two three four five six seven eight nine ten';
    const file = write(
      'overlap.jsonl',
      records(shared, 'nothing of this is anywhere else at all, as far as known'),
    );
    const evaluationFiles = [write('evaluation.txt', `Before. ${shared} and after.\n`)];
    const { overlap } = await service.request('data.inspect', question([file], { evaluationFiles }));
    expect(overlap).toEqual({ records: 1, share: 0.5 });
  });

  it('says of each file that cannot be used why', async () => {
    const good = write('good.jsonl', records('a record'));
    const empty = write('empty.jsonl', '');
    const broken = write('broken.jsonl', '{"text": "secret words" \n');
    const missing = join(folder, 'missing.jsonl');
    const { files } = await service.request('data.inspect', question([good, empty, broken, missing]));
    expect(files.map(({ path, problem }) => [path, problem === null])).toEqual([
      [good, true],
      [empty, false],
      [broken, false],
      [missing, false],
    ]);
    for (const { path, problem } of files.slice(1)) expect(problem?.message).toContain(path);
    expect(JSON.stringify(files)).not.toContain('secret');
  });
});

describe('presets', () => {
  it('of each domain are there, go out as JSON and come back the same', async () => {
    const listed = await service.request('presets.list', {});
    expect(listed.map(({ id }) => id)).toEqual(
      expect.arrayContaining(
        ['education', 'finance', 'healthcare', 'legal'].map((name) => `builtin:${name}`),
      ),
    );
    const file = join(folder, 'finance.json');
    await service.request('presets.export', { id: 'builtin:finance', file });
    const imported = await service.request('presets.import', { file });
    expect(imported.kind).toBe('custom');
    expect(imported.preset).toEqual(listed.find(({ id }) => id === 'builtin:finance')?.preset);
    expect(imported.preset).toEqual(JSON.parse(readFileSync(file, 'utf8')));
  });

  it('that are none are refused', async () => {
    const file = join(DEMO, 'data/legal-test.txt');
    expect(await refusal(service.request('presets.import', { file }))).toMatchObject({
      code: 'PRESET_INVALID',
    });
  });
});
