import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTokenizer } from '../../../src/engine/tokenizer/open-tokenizer.ts';

const fixtures = fileURLToPath(new URL('../../oracle/fixtures/tokenizers/', import.meta.url));

interface Expected {
  vocabSize: number;
  cases: { text: string; ids: number[]; plain: number[]; decoded: string }[];
  transformers: Record<string, number[]>;
}

async function expectedOf(name: string): Promise<Expected> {
  return JSON.parse(await readFile(join(fixtures, name, 'expected.json'), 'utf8'));
}

const TOKENIZERS = [
  'digits-and-words',
  'begin-and-words',
  'byte-fallback',
  'composed-words',
  'words-and-marks',
  'merged-blanks',
];

describe.each(TOKENIZERS)('the tokenizer %s', (name) => {
  it('gives the ids of Python’s tokenizers', async () => {
    const tokenizer = await openTokenizer(join(fixtures, name));
    const expected = await expectedOf(name);
    expect(tokenizer.vocabSize).toBe(expected.vocabSize);
    for (const { text, ids, plain } of expected.cases) {
      expect([...tokenizer.encode(text)], JSON.stringify(text)).toEqual(ids);
      expect([...tokenizer.encodePlain(text)], JSON.stringify(text)).toEqual(plain);
    }
  });

  it('gives back the text of Python’s tokenizers', async () => {
    const tokenizer = await openTokenizer(join(fixtures, name));
    for (const { text, ids, decoded } of (await expectedOf(name)).cases) {
      // The library's byte fallback loses a byte order mark when it decodes.
      if (['byte-fallback', 'merged-blanks'].includes(name) && text.includes('\ufeff')) continue;
      expect(tokenizer.decode(ids), JSON.stringify(text)).toBe(decoded);
    }
  });

  it('differs from transformers only where that departs from tokenizer.json', async () => {
    const { cases, transformers } = await expectedOf(name);
    for (const index of Object.keys(transformers)) expect(cases[Number(index)]?.text).toMatch(/^ |▁|<s>/);
  });
});

describe('openTokenizer', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tokenizer-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** A copy of a fixture in which fields of a file are replaced. */
  async function variant(name: string, file: string, change: object): Promise<string> {
    const dir = join(folder, crypto.randomUUID());
    await cp(join(fixtures, name), dir, { recursive: true });
    const content = JSON.parse(await readFile(join(dir, file), 'utf8'));
    await writeFile(join(dir, file), JSON.stringify({ ...content, ...change }));
    return dir;
  }

  it('knows the beginning and the end of a text', async () => {
    const tokenizer = await openTokenizer(join(fixtures, 'byte-fallback'));
    expect([tokenizer.bosTokenId, tokenizer.eosTokenId]).toEqual([1, 2]);
  });

  it('has no beginning or end where the config names none', async () => {
    const change = { bos_token: null, eos_token: undefined, add_bos_token: true };
    const tokenizer = await openTokenizer(await variant('byte-fallback', 'tokenizer_config.json', change));
    expect([tokenizer.bosTokenId, tokenizer.eosTokenId]).toEqual([null, null]);
    expect(tokenizer.encode('a')).toEqual(tokenizer.encodePlain('a'));
  });

  it('adds the end where add_eos_token says so', async () => {
    const change = { add_bos_token: true, add_eos_token: true };
    const tokenizer = await openTokenizer(await variant('byte-fallback', 'tokenizer_config.json', change));
    expect([...tokenizer.encode('a')]).toEqual([1, ...tokenizer.encodePlain('a'), 2]);
  });

  it('leaves out the beginning where add_bos_token is false', async () => {
    const change = { add_bos_token: false };
    const tokenizer = await openTokenizer(await variant('begin-and-words', 'tokenizer_config.json', change));
    expect(tokenizer.encode('a b')).toEqual(tokenizer.encodePlain('a b'));
  });

  it('decodes nothing to nothing', async () => {
    expect((await openTokenizer(join(fixtures, 'byte-fallback'))).decode([])).toBe('');
  });

  it('takes an unpaired surrogate as the replacement character', async () => {
    const tokenizer = await openTokenizer(join(fixtures, 'digits-and-words'));
    expect(tokenizer.encode('a\ud800b')).toEqual(tokenizer.encode('a\ufffdb'));
  });

  it('cuts a text without a pre-tokenizer only where no merge can cross', async () => {
    const json = JSON.parse(await readFile(join(fixtures, 'byte-fallback', 'tokenizer.json'), 'utf8'));
    const model = json.model as { vocab: Record<string, number>; merges: string[][] };
    const crossing = {
      ...model,
      vocab: { ...model.vocab, 'a▁': 700 },
      merges: [['a', '▁'], ...model.merges],
    };
    const tokenizer = await openTokenizer(
      await variant('byte-fallback', 'tokenizer.json', { model: crossing }),
    );
    expect([...tokenizer.encodePlain('a a')]).toContain(700);
  });

  it('leaves a blank with the word before it where the file says so', async () => {
    const change = { normalizer: null };
    const tokenizer = await openTokenizer(await variant('merged-blanks', 'tokenizer.json', change));
    // No token of the model has a plain blank: each becomes its byte, after the word that it is with.
    const ids = [...tokenizer.encodePlain('the  boats x')];
    const alone = (text: string) => [...tokenizer.encodePlain(text)];
    expect(ids).toEqual([...alone('the '), ...alone(' '), ...alone('boats '), ...alone('x')]);
  });

  it('tokenizes 300,000 characters in seconds', { timeout: 20_000 }, async () => {
    const text = 'The harbour master counted 17 boats before the fog came in. '.repeat(5000);
    for (const name of ['digits-and-words', 'byte-fallback', 'words-and-marks', 'merged-blanks']) {
      const tokenizer = await openTokenizer(join(fixtures, name));
      const start = performance.now();
      expect(tokenizer.encode(text).length).toBeGreaterThan(50_000);
      expect(performance.now() - start).toBeLessThan(10_000);
    }
  });

  it.each(['tokenizer.json', 'tokenizer_config.json'])('names a missing %s', async (file) => {
    const dir = join(folder, crypto.randomUUID());
    await cp(join(fixtures, 'byte-fallback'), dir, { recursive: true });
    await rm(join(dir, file));
    await expect(openTokenizer(dir)).rejects.toMatchObject({
      code: 'TOKENIZER_MISSING',
      message: expect.stringContaining(join(dir, file)),
    });
  });

  it.each([
    ['tokenizer.json', '{"model":', 'not valid JSON'],
    ['tokenizer.json', '{"added_tokens":[]}', 'model'],
    ['tokenizer.json', '{"model":{"type":"BPE","vocab":{"a":0}}}', 'tokenizer.json'],
    ['tokenizer.json', '{"model":{"type":"Unheard","vocab":{"a":0},"merges":[]}}', 'tokenizer.json'],
    ['tokenizer_config.json', '[]', 'tokenizer_config.json'],
  ])('names a corrupt %s: %s', async (file, content, reason) => {
    const dir = join(folder, crypto.randomUUID());
    await cp(join(fixtures, 'byte-fallback'), dir, { recursive: true });
    await writeFile(join(dir, file), content);
    await expect(openTokenizer(dir)).rejects.toMatchObject({
      code: 'TOKENIZER_CORRUPT',
      message: expect.stringContaining(reason),
    });
  });

  it('refuses a way to split that it cannot follow', async () => {
    const pre_tokenizer = {
      type: 'Split',
      pattern: { String: 'x' },
      behavior: 'MergedWithNext',
      invert: false,
    };
    const dir = await variant('digits-and-words', 'tokenizer.json', { pre_tokenizer });
    await expect(openTokenizer(dir)).rejects.toMatchObject({ code: 'TOKENIZER_UNSUPPORTED' });
  });
});
