import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openTokenizer } from '../../../src/engine/tokenizer/open-tokenizer.ts';

const repository = fileURLToPath(new URL('../../../', import.meta.url));
const data = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));
const script = fileURLToPath(new URL('../../oracle/tokenize_texts.py', import.meta.url));

/** A Python with transformers, and the folder of a model such as SmolLM2. */
const python = process.env.DPRUNER_ORACLE_PYTHON ?? `${repository}.venv/bin/python`;
const model = process.env.DPRUNER_ORACLE_MODEL ?? '';
const ready = existsSync(data) && existsSync(python) && existsSync(`${model}/tokenizer.json`);

function textsOf(file: string): string[] {
  const content = readFileSync(file, 'utf8');
  if (!file.endsWith('.jsonl')) return [content, ...content.split('\n\n')];
  const lines = content.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => textOf(JSON.parse(line)));
}

function textOf(record: Record<string, unknown>): string {
  if ('completion' in record) return `${record.prompt}${record.completion}`;
  return Object.values(record)
    .filter((value) => typeof value === 'string')
    .join('\n');
}

describe.skipIf(!ready)('with ../shared/data, DPRUNER_ORACLE_PYTHON and DPRUNER_ORACLE_MODEL', () => {
  it('every text gets the ids that transformers gives it', { timeout: 300_000 }, async () => {
    const files = globSync(`${data}**/*.{jsonl,txt}`).sort();
    const output = execFileSync(python, [script, model, ...files], { encoding: 'utf8', maxBuffer: 2 ** 28 });
    const tokenizer = await openTokenizer(model);
    const different: string[] = [];
    const texts = new Map(files.map((file) => [file, textsOf(file)]));
    const lines = output.trim().split('\n');
    for (const line of lines) {
      const { file, index, tokens, sha256 } = JSON.parse(line);
      const ids = tokenizer.encode(texts.get(file)?.[index] ?? '');
      const hash = createHash('sha256').update(ids).digest('hex');
      if (hash !== sha256)
        different.push(`${file} text ${index}: ${tokens} tokens there, ${ids.length} here`);
    }
    expect(different).toEqual([]);
    expect(lines.length).toBe([...texts.values()].reduce((count, of) => count + of.length, 0));
  });
});
