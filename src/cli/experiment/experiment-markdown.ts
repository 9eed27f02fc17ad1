import { basename } from 'node:path';
import type { ExperimentReport, ExperimentTable } from '../../contract/experiment.ts';
import { markdownTable } from '../markdown-table.ts';
import { formatCount } from '../quantities.ts';
import { alignmentsOf, formatCell } from './experiment-cells.ts';

/** Longer tables are in the CSV file alone. */
const MOST_ROWS = 250;

/**
 * The experiment as a page that stands for itself: its tables and all that they depend on.
 * @param svg the name of the drawing beside the page; null where there is none
 */
export function experimentMarkdown(report: ExperimentReport, svg: string | null): string {
  const { title, modelDir, modelFingerprint, appVersion, backend, finishedAt, settings } = report;
  const sections = [
    `# ${title}: ${basename(modelDir)}`,
    svg ? `![${title}](${svg})` : '',
    ...report.tables.map((table, i) => tableSection(table, i > 0)),
    report.remarks.join('\n\n'),
    textTable(report),
    taskTable(report),
    calibrationTable(report),
    settings ? `Settings: ${code(JSON.stringify(settings))}` : '',
    `dpruner ${appVersion}, backend ${backend}, ${finishedAt}. Model ${code(modelDir)}, fingerprint ${code(modelFingerprint)}.`,
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function tableSection({ title, columns, rows }: ExperimentTable, isTitled: boolean): string {
  const heading = isTitled ? `## ${title}\n\n` : '';
  if (rows.length > MOST_ROWS) return `${heading}${formatCount(rows.length)} rows, in the CSV file.`;
  const cells = rows.map((row) => row.map((cell, i) => formatCell(cell, columns[i])));
  return `${heading}${markdownTable(
    columns.map(({ name }) => name),
    cells,
    alignmentsOf(columns),
  )}`;
}

function textTable({ texts }: ExperimentReport): string {
  if (texts.length === 0) return '';
  const rows = texts.map(({ name, scoredTokens, window, stride, maxTokens, sha256 }) => [
    name,
    formatCount(scoredTokens),
    formatCount(window),
    formatCount(stride),
    maxTokens === null ? 'all' : formatCount(maxTokens),
    code(sha256),
  ]);
  const headings = ['Text', 'Tokens scored', 'Window', 'Stride', 'At most', 'SHA-256'];
  return `## Texts\n\n${markdownTable(headings, rows, ['left', 'right', 'right', 'right', 'right', 'left'])}`;
}

function taskTable({ tasks }: ExperimentReport): string {
  if (tasks.length === 0) return '';
  const rows = tasks.map(({ label, title, items, ofItems, contextLength, stride, seed, files }) => [
    label,
    title,
    `${formatCount(items)} of ${formatCount(ofItems)}`,
    formatCount(contextLength),
    stride === null ? '' : formatCount(stride),
    formatCount(seed),
    files.map(({ sha256 }) => code(sha256)).join(' '),
  ]);
  const headings = ['Task', 'What', 'Items', 'Context', 'Stride', 'Seed', 'SHA-256'];
  const alignments = ['left', 'left', 'right', 'right', 'right', 'right', 'left'] as const;
  return `## Tasks\n\n${markdownTable(headings, rows, [...alignments])}`;
}

function calibrationTable({ calibrations }: ExperimentReport): string {
  const rows = calibrations.flatMap(({ name, domain, open }) =>
    (
      [
        ['domain', domain],
        ['open', open],
      ] as const
    ).flatMap(([part, tokens]) =>
      tokens
        ? [[name, part, formatCount(tokens.samples), formatCount(tokens.tokens), code(tokens.sha256)]]
        : [],
    ),
  );
  if (rows.length === 0) return '';
  const headings = ['Calibration', 'Part', 'Samples', 'Tokens', 'SHA-256'];
  return `## Calibration\n\n${markdownTable(headings, rows, ['left', 'left', 'right', 'right', 'left'])}`;
}

const code = (text: string): string => `\`${text}\``;
