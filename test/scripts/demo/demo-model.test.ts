import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { wordsOf } from '../../../scripts/demo/corpus/text-document.ts';
import { modelCard } from '../../../scripts/demo/model-card.ts';
import { openCheckpoint } from '../../../src/engine/checkpoint/open-checkpoint.ts';
import { openTokenizer } from '../../../src/engine/tokenizer/open-tokenizer.ts';

const demo = join(import.meta.dirname, '..', '..', '..', 'resources', 'demo');
const read = (name: string) => readFileSync(join(demo, name), 'utf8');
const record = JSON.parse(read('training.json'));
const configJson = JSON.parse(read('model/config.json'));

describe('resources/demo', () => {
  it('is at most 8 MB', () => {
    const files = globSync('**/*', { cwd: demo }).map((name) => statSync(join(demo, name)));
    const bytes = files.filter((file) => file.isFile()).reduce((total, { size }) => total + size, 0);
    expect(bytes).toBeLessThanOrEqual(8_000_000);
  });

  it('has a card that says what training.json says, and nothing else', () => {
    expect(read('model/README.md')).toBe(modelCard(record, configJson));
    const changed = structuredClone(record);
    changed.testPerplexity.legal.perplexity = 1234;
    expect(modelCard(changed, configJson)).toContain('| legal | 1234 |');
  });

  it('has a model with all its tensors, in half precision, and its tokenizer', async () => {
    const checkpoint = await openCheckpoint(join(demo, 'model'));
    const tensors = [...checkpoint.tensors.values()];
    const parameters = tensors.reduce(
      (total, { shape }) => total + shape.reduce((size, length) => size * length, 1),
      0,
    );
    await checkpoint.close();
    expect(parameters).toBe(record.parameters);
    expect(new Set(tensors.map(({ dtype }) => dtype))).toEqual(new Set(['F16']));
    const tokenizer = await openTokenizer(join(demo, 'model'));
    expect(tokenizer.vocabSize).toBe(checkpoint.config.vocabSize);
    const text = read('data/legal-test.txt');
    expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
  });

  it.each(['legal', 'general'])('has %s texts to calibrate on that are not in its test', (domain) => {
    const records = read(`data/${domain}-calibration.jsonl`)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    for (const { task, id, prompt, completion } of records) {
      expect([task, typeof id, prompt, typeof completion]).toEqual([domain, 'string', '', 'string']);
      expect(completion).not.toMatch(/\n\n/);
    }
    expect(read(`data/${domain}-test.txt`)).not.toMatch(/\n\n\n/);
    const tested = new Set(['legal', 'general'].flatMap((one) => shingles(read(`data/${one}-test.txt`))));
    const calibrated = records.flatMap(({ completion }) => shingles(completion));
    expect(records.length).toBeGreaterThan(128);
    expect(calibrated.filter((shingle) => tested.has(shingle))).toEqual([]);
  });

  it('carries the licence that WordNet asks for on all copies', () => {
    expect(read('data/WORDNET-LICENSE.txt')).toMatch(/WordNet 3\.1 Copyright 2011 by Princeton University/);
  });
});

function shingles(text: string): string[] {
  const words = wordsOf(text);
  return words.slice(7).map((_, i) => words.slice(i, i + 8).join(' '));
}
