import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { UserError } from '../../contract/error.ts';
import type { ExperimentReport } from '../../contract/experiment.ts';
import { writeDurably } from '../../engine/checkpoint/durable-file.ts';
import { experimentSvg } from '../../service/experiments/experiment-svg.ts';
import { UsageError } from '../failure.ts';
import { formatTable } from '../table.ts';
import { alignmentsOf, formatCell } from './experiment-cells.ts';
import { experimentCsv } from './experiment-csv.ts';
import { experimentMarkdown } from './experiment-markdown.ts';

/** What an experiment writes, beside each other under one name. */
export interface ExperimentFiles {
  readonly base: string;
  readonly markdown: string;
  readonly csv: string;
  readonly json: string;
  readonly svg: string;
}

/** @param out the files' common name, with or without the suffix of one of them */
export function experimentFiles(out: string): ExperimentFiles {
  const base = out.replace(/\.(md|csv|json|svg)$/, '');
  if (base === '' || /[/\\]$/.test(base)) {
    throw new UsageError(
      `--out is "${out}", which names no file.`,
      'Give a name such as sweep; sweep.md, .csv, .json and .svg are written.',
    );
  }
  return { base, markdown: `${base}.md`, csv: `${base}.csv`, json: `${base}.json`, svg: `${base}.svg` };
}

/** @throws UserError OUTPUT_EXISTS */
export function assertFree({ markdown, csv, json, svg }: ExperimentFiles, force: boolean): void {
  const there = [markdown, csv, json, svg].filter((file) => existsSync(file));
  if (there.length === 0 || force) return;
  throw new UserError(
    'OUTPUT_EXISTS',
    `${there.join(', ')} ${there.length === 1 ? 'is' : 'are'} there already.`,
    'Choose another --out, or replace them by --force; what is in the work folder is used either way.',
  );
}

export async function writeExperiment(files: ExperimentFiles, report: ExperimentReport): Promise<void> {
  const { markdown, csv, json, svg } = files;
  await mkdir(dirname(markdown), { recursive: true });
  const write = (file: string, text: string) => writeDurably(file, (append) => append(Buffer.from(text)));
  await write(json, `${JSON.stringify(report, null, 2)}\n`);
  await write(csv, experimentCsv(report));
  await write(svg, experimentSvg(report));
  await write(markdown, experimentMarkdown(report, basename(svg)));
}

/** On the screen: the first table, what must be known to read it, and where the rest is. */
export function formatExperiment({ tables, remarks }: ExperimentReport, files: ExperimentFiles): string {
  const [{ columns, rows }] = tables;
  const table = formatTable(
    columns.map(({ name }) => name),
    rows.map((row) => row.map((cell, i) => formatCell(cell, columns[i]))),
    alignmentsOf(columns),
  );
  return [table, ...remarks, `Written: ${files.markdown}, .csv, .json and .svg`].join('\n\n');
}
