import { basename } from 'node:path';
import type { CompareReport } from '../../engine/comparison/comparison.ts';
import { formatCalibration } from '../format-calibration.ts';
import { markdownTable } from '../markdown-table.ts';
import { formatCount } from '../quantities.ts';
import { comparisonRemarks, comparisonTable } from './comparison-rows.ts';
import { taskSections } from './comparison-tasks.ts';

/** The comparison as a page that stands for itself: the table and all that it depends on. */
export function comparisonMarkdown(report: CompareReport): string {
  const { headings, rows, alignments } = comparisonTable(report);
  const { modelDir, modelFingerprint, appVersion, finishedAt, backend } = report;
  const calibration = formatCalibration(report.calibration);
  const sections = [
    `# Pruning methods on ${basename(modelDir)}`,
    markdownTable(headings, rows, alignments),
    comparisonRemarks(report).join('\n\n'),
    ...(report.texts.length > 0 ? ['## Texts', textTable(report)] : []),
    ...taskSections(report),
    '## Calibration',
    tokenTable(report),
    calibration.notes.map((note) => `Note: ${note}`).join('\n\n'),
    '## Settings of each row',
    settingTable(report),
    `Shared by all: ${code(JSON.stringify(report.settings))}`,
    `dpruner ${appVersion}, backend ${backend}, ${finishedAt}. Model ${code(modelDir)}, fingerprint ${code(modelFingerprint)}.`,
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function textTable({ texts, rows }: CompareReport): string {
  return markdownTable(
    ['Text', 'Tokens scored', 'Window', 'Stride', 'At most', 'SHA-256'],
    texts.map(({ name, window, stride, maxTokens, sha256 }) => [
      name,
      formatCount(rows[0].perplexities[name].scoredTokens),
      formatCount(window),
      formatCount(stride),
      maxTokens === null ? 'all' : formatCount(maxTokens),
      code(sha256),
    ]),
    ['left', 'right', 'right', 'right', 'right', 'left'],
  );
}

/** The token ids that the methods saw; the mix is that of Wanda, SparseGPT, compensation and OWL. */
function tokenTable({ domainTokens, openTokens, rows }: CompareReport): string {
  const mixes = new Map(
    rows.flatMap(({ mixTokens, settings }) =>
      mixTokens && settings ? [[mixTokens.sha256, { mixTokens, from: settings.calibrateOn }] as const] : [],
    ),
  );
  const lines = [
    ...(domainTokens ? [['Domain', domainTokens] as const] : []),
    ...(openTokens ? [['Open', openTokens] as const] : []),
    ...[...mixes.values()].map(({ mixTokens, from }) => [`Layer by layer (${from})`, mixTokens] as const),
  ];
  if (lines.length === 0) return 'None of the methods needs any.';
  return markdownTable(
    ['Calibration', 'Samples', 'Tokens', 'SHA-256'],
    lines.map(([name, { samples, tokens, sha256 }]) => [
      name,
      formatCount(samples),
      formatCount(tokens),
      code(sha256),
    ]),
    ['left', 'right', 'right', 'left'],
  );
}

/** Where a row's settings differ from those that all share. */
function settingTable({ rows, settings: shared }: CompareReport): string {
  return markdownTable(
    ['Method', 'Settings'],
    rows.flatMap(({ method, settings }) => {
      if (!settings) return [];
      const own = Object.entries(settings).filter(
        ([name, value]) => shared[name as keyof typeof shared] !== value,
      );
      return [[method, own.map(([name, value]) => `${name} ${value}`).join(', ') || 'as shared']];
    }),
    ['left', 'left'],
  );
}

const code = (text: string): string => `\`${text}\``;
