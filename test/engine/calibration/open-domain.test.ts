import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildOpenDomain, type OpenDomainOptions } from '../../../src/engine/calibration/open-domain.ts';
import { openTokenizer, type Tokenizer } from '../../../src/engine/tokenizer/open-tokenizer.ts';
import { jsonl, temporaryFolder } from './temporary-folder.ts';

const write = temporaryFolder();
const data = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));
const fixture = (name: string) =>
  openTokenizer(fileURLToPath(new URL(`../../oracle/fixtures/tokenizers/${name}`, import.meta.url)));

let tokenizer: Tokenizer;
beforeAll(async () => {
  tokenizer = await fixture('digits-and-words');
});

const documents = Array.from({ length: 30 }, (_, index) => `Document ${index} tells of the harbour.`);
const build = (file: string, options: Partial<OpenDomainOptions> = {}) =>
  buildOpenDomain({ files: [file], tokenizer, samples: 4, sequenceLength: 50, seed: 0, ...options });

describe('buildOpenDomain', () => {
  it('lays shuffled documents end to end and cuts full sequences', async () => {
    const { samples, report } = await build(
      write('open.jsonl', jsonl(...documents.map((text) => ({ text })))),
    );
    expect(samples.map(({ length }) => length)).toEqual([50, 50, 50, 50]);
    const found = samples
      .map((ids) => tokenizer.decode(ids))
      .join('')
      .split('\n\n');
    const whole = found.slice(0, -1);
    expect(whole.length).toBe(report.documents.used - 1);
    expect(whole.every((text) => documents.includes(text))).toBe(true);
    expect(new Set(whole).size).toBe(whole.length);
    expect(whole).not.toEqual(documents.slice(0, whole.length));
    expect(report).toMatchObject({ wanted: 4, used: 4, tokens: 200, partialTokens: null, notes: [] });
    expect(report.documents.available).toBe(30);
    expect(JSON.stringify(report)).not.toContain('harbour');
  });

  it('begins each document with the token that the model’s tokenizer puts there', async () => {
    const llama = await fixture('byte-fallback');
    const { samples, report } = await build(write('open.txt', documents.join('\n\n')), { tokenizer: llama });
    const beginnings = samples.flatMap((ids) => [...ids]).filter((id) => id === llama.bosTokenId);
    expect(samples[0]?.[0]).toBe(llama.bosTokenId);
    expect(beginnings.length).toBe(report.documents.used);
  });

  it('is decided by the seed, and by the texts whatever holds them', async () => {
    const ids = async (file: string, seed: number) => (await build(file, { seed })).samples;
    const pairs = write('pairs.jsonl', jsonl(...documents.map((completion) => ({ prompt: '', completion }))));
    const txt = write('open.txt', documents.join('\n\n'));
    const csv = write('open.csv', `text\n${documents.join('\n')}\n`);
    expect(await ids(txt, 1)).toEqual(await ids(pairs, 1));
    expect(await ids(csv, 1)).toEqual(await ids(pairs, 1));
    expect(await ids(pairs, 2)).not.toEqual(await ids(pairs, 1));
  });

  it('uses what there is when that is less than wanted, and says so', async () => {
    const file = write('little.txt', [...documents.slice(0, 3), documents[0]].join('\n\n'));
    const { samples, report } = await build(file, { samples: 100, sequenceLength: 20 });
    const tokens = documents
      .slice(0, 3)
      .reduce((sum, text) => sum + tokenizer.encode(`${text}\n\n`).length, 0);
    expect(report.tokens).toBe(tokens);
    expect(samples.length).toBe(Math.ceil(tokens / 20));
    expect(report.partialTokens).toBe(tokens % 20);
    expect(report.documents).toEqual({ available: 3, used: 3, duplicates: 1 });
    expect(report.notes[0]).toContain(`${tokens} of the 2000 tokens wanted`);
  });

  it.each([[null], [[]]])('refuses to go without a file (%j)', async (files) => {
    await expect(build('', { files })).rejects.toMatchObject({ code: 'OPEN_DOMAIN_MISSING' });
  });

  it('names a file of another format', async () => {
    const path = write('other.jsonl', jsonl({ words: 'x' }));
    await expect(build(path)).rejects.toMatchObject({
      code: 'DATA_FORMAT_UNKNOWN',
      message: expect.stringContaining(`${path}, line 1`),
    });
  });

  it.skipIf(!existsSync(data))('reads the open-domain documents of ../shared/data', async () => {
    const { samples, report } = await build(`${data}open/calibration.jsonl`, {
      samples: 16,
      sequenceLength: 512,
    });
    expect(samples.length).toBe(16);
    expect(report.documents.available).toBe(740);
    expect(report.tokens).toBe(16 * 512);
  });
});
