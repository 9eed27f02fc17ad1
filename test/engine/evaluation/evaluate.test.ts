import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Interrupted } from '../../../src/contract/error.ts';
import type { Progress } from '../../../src/contract/progress.ts';
import { type EvaluateRequest, evaluate } from '../../../src/engine/evaluation/evaluate.ts';
import { refusal } from '../checkpoint/refusal.ts';
import { temporaryFolder } from '../checkpoint/temporary-folder.ts';
import { writeTinyCheckpoint } from '../checkpoint/tiny-checkpoint.ts';
import { lettersToIds, writeLetterTokenizer } from '../letter-tokenizer.ts';
import { FIXTURES } from '../oracle-fixture.ts';
import { oraclePython, withoutPython } from '../oracle-python.ts';

const folder = temporaryFolder();
const toy = join(FIXTURES, 'toy-llama');
const samples: number[][] = JSON.parse(readFileSync(join(toy, 'tokens.json'), 'utf8')).domain; // 85 tokens
const tokenFile = join(folder, 'tokens.jsonl');
writeFileSync(tokenFile, samples.map((ids) => `${JSON.stringify({ input_ids: ids })}\n`).join(''));

const request = (changes: Partial<EvaluateRequest> = {}): EvaluateRequest => ({
  modelDir: toy,
  source: { kind: 'tokens', file: tokenFile },
  window: null,
  stride: null,
  maxTokens: null,
  backend: null,
  ...changes,
});
const run = (changes: Partial<EvaluateRequest> = {}) => evaluate(request(changes), () => {});

describe('evaluate', () => {
  it('reports the perplexity with all that it depends on', async () => {
    const report = await run({ window: 16, stride: 5 });
    expect(report).toMatchObject({
      model: toy,
      file: tokenFile,
      sha256: createHash('sha256').update(readFileSync(tokenFile)).digest('hex'),
      window: 16,
      stride: 5,
      maxTokens: null,
      windows: 15,
      scoredTokens: 84,
    });
    expect(report.perplexity).toBeGreaterThan(50);
    expect(report.tokensPerSecond).toBeGreaterThan(0);
  });

  it('takes 2048 and 512, or what the model has, where nothing is given', async () => {
    expect(await run()).toMatchObject({ window: 64, stride: 64, windows: 2, scoredTokens: 83 });
    expect(await run({ modelDir: join(FIXTURES, 'toy-llama3-rope') })).toMatchObject({
      window: 1024,
      stride: 512,
    });
    expect(await run({ window: 32 })).toMatchObject({ window: 32, stride: 32 });
  });

  it('reads a text with the model’s tokenizer, and only so many of its tokens', async () => {
    const { dir } = await writeTinyCheckpoint(join(folder, 'tiny'));
    await writeLetterTokenizer(dir);
    const file = join(folder, 'text.txt');
    writeFileSync(file, 'abacus\n');
    const text = await run({ modelDir: dir, source: { kind: 'text', file } });
    expect(text).toMatchObject({ scoredTokens: 6, windows: 1 });
    const ids = join(folder, 'ids.jsonl');
    const [abac, usEnd] = ['abac', 'us\n'].map((part) => JSON.stringify({ input_ids: lettersToIds(part) }));
    writeFileSync(ids, `${abac}\n${usEnd}\n`);
    const tokens = await run({ modelDir: dir, source: { kind: 'tokens', file: ids } });
    expect(tokens.perplexity).toBe(text.perplexity);
    const cut = await run({ modelDir: dir, source: { kind: 'text', file }, maxTokens: 4 });
    expect(cut).toMatchObject({ scoredTokens: 3, maxTokens: 4 });
  });

  it.each([
    ['a window that the model does not take', { window: 65 }, 'WINDOW_TOO_LONG', '65'],
    ['a stride that leaves tokens out', { window: 16, stride: 17 }, 'STRIDE_TOO_LONG', '17'],
    ['a text of one token', { maxTokens: 1 }, 'TEXT_TOO_SHORT', tokenFile],
  ] as const)('refuses %s', async (_, changes, code, named) => {
    expect(await refusal(run(changes))).toMatchObject({ code, message: expect.stringContaining(named) });
  });

  it('leaves no scratch folder, also when it is stopped', async () => {
    const scratch = () => readdirSync(tmpdir()).filter((name) => name.startsWith('dpruner-evaluate-'));
    const before = scratch();
    const controller = new AbortController();
    const reports: Progress[] = [];
    const onProgress = (progress: Progress) => {
      reports.push(progress);
      if (reports.length === 2) controller.abort();
    };
    const stopped = await refusal(evaluate(request(), onProgress, controller.signal));
    expect(stopped).toBeInstanceOf(Interrupted);
    expect(reports.map(({ stage }) => stage)).toEqual(['evaluate', 'evaluate']);
    await run();
    expect(scratch()).toEqual(before);
  });
});

describe.skipIf(!oraclePython)(`transformers${withoutPython}`, () => {
  it.each([
    [16, 5],
    [28, 28], // 85 = 3 · 28 + 1: a last token alone
  ])(
    'agrees with the perplexity of window %i and stride %i',
    { timeout: 120_000 },
    async (window, stride) => {
      const script = join(import.meta.dirname, '../../oracle/perplexity.py');
      const { stdout } = await promisify(execFile)(oraclePython as string, [
        ...[script, '--model', toy, '--tokens', tokenFile],
        ...['--window', String(window), '--stride', String(stride), '--threads', '1'],
      ]);
      const expected = JSON.parse(stdout);
      const found = await run({ window, stride });
      expect(Math.abs(found.perplexity / expected.perplexity - 1)).toBeLessThan(1e-4);
    },
  );
});
