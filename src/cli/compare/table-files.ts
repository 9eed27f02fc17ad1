import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UserError } from '../../contract/error.ts';
import { writeDurably } from '../../engine/checkpoint/durable-file.ts';
import type { CompareReport } from '../../engine/comparison/comparison.ts';
import { UsageError } from '../failure.ts';
import { comparisonCsv } from './comparison-csv.ts';
import { comparisonMarkdown } from './comparison-markdown.ts';

/** The three files of a comparison, beside each other. */
export interface TableFiles {
  readonly markdown: string;
  readonly csv: string;
  readonly json: string;
}

/** @param out the files' common name, with or without the suffix of one of them */
export function tableFiles(out: string): TableFiles & { readonly base: string } {
  const base = out.replace(/\.(md|csv|json)$/, '');
  if (base === '' || /[/\\]$/.test(base)) {
    throw new UsageError(
      `--out is "${out}", which names no file.`,
      'Give a name such as comparison; comparison.md, .csv and .json are written.',
    );
  }
  return { base, markdown: `${base}.md`, csv: `${base}.csv`, json: `${base}.json` };
}

/** @throws UserError OUTPUT_EXISTS */
export function assertTablesFree({ markdown, csv, json }: TableFiles, force: boolean): void {
  const there = [markdown, csv, json].filter((file) => existsSync(file));
  if (there.length === 0 || force) return;
  throw new UserError(
    'OUTPUT_EXISTS',
    `${there.join(' and ')} ${there.length === 1 ? 'is' : 'are'} there already.`,
    'Choose another --out, or replace them by --force; what is in the work folder is used either way.',
  );
}

export async function writeTables({ markdown, csv, json }: TableFiles, report: CompareReport): Promise<void> {
  await mkdir(dirname(markdown), { recursive: true });
  const write = (file: string, text: string) => writeDurably(file, (append) => append(Buffer.from(text)));
  await write(json, `${JSON.stringify(report, null, 2)}\n`);
  await write(csv, comparisonCsv(report));
  await write(markdown, comparisonMarkdown(report));
}
