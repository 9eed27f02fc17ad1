import { basename } from 'node:path';
import type {
  ExperimentCell,
  ExperimentColumn,
  ExperimentReport,
  ExperimentTable,
} from '../../contract/experiment.ts';
import {
  formatChange,
  formatCount,
  formatDuration,
  formatFigure,
  formatShare,
  formatTime,
} from '../report/figures.ts';
import { facts, html, type Markup, NOTHING, table } from '../report/markup.ts';
import { REPORT_STYLE } from '../report/report-style.ts';
import { experimentSvg } from './experiment-svg.ts';

/** Longer tables are in the report's JSON alone. */
const MOST_ROWS = 250;

/** An experiment as a page of its own: no script, no other file, no address. Plots, tables and all that they depend on; no text. */
export function experimentPage(report: ExperimentReport): string {
  const { title, modelDir, modelFingerprint, appVersion, backend, finishedAt, settings, seconds } = report;
  const times = [seconds.scoring, seconds.pruning, seconds.measuring].map((one) =>
    formatDuration(1000 * one),
  );
  const drawing =
    report.plots.length > 0 ? html`<figure>${{ html: experimentSvg(report) }}</figure>` : NOTHING;
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width"><title>${title}: ${basename(modelDir)} – D-Pruner experiment</title>
<style>${{ html: REPORT_STYLE }}</style></head><body>
<p class="kicker">D-Pruner Desktop · experiment</p>
<h1>${title}: ${basename(modelDir)}</h1>
${facts([
  ['Finished', formatTime(finishedAt)],
  ['Scoring, masks, measuring', times.join(', ')],
  ['Criterion', settings?.criterion ?? null],
  ['Seed', settings?.seed ?? null],
  ['Application', `${appVersion}, ${backend}`],
])}
${drawing}
${report.remarks.map((remark) => html`<p>${remark}</p>`)}
${report.tables.map(section)}
<h2>Measured on</h2>${measuredOn(report)}
<h2>Calibration</h2>${calibrations(report)}
<h2>Model and settings</h2>
<p>${modelDir}<br><code>${modelFingerprint}</code></p>
${settings ? html`<p><code>${JSON.stringify(settings)}</code></p>` : NOTHING}
</body></html>`;
  return `${page.html}\n`;
}

function section({ title, columns, rows }: ExperimentTable): Markup {
  if (rows.length > MOST_ROWS)
    return html`<h2>${title}</h2><p>${formatCount(rows.length)} rows, in the report’s JSON.</p>`;
  const numeric = columns.flatMap(({ kind }, i) => (kind === 'text' ? [] : [i]));
  const names = columns.map(({ name }) => name);
  const cells = rows.map((row) => row.map((cell, i) => cellText(cell, columns[i])));
  return html`<h2>${title}</h2>${table(names, cells, numeric)}`;
}

function cellText(cell: ExperimentCell, column: ExperimentColumn | undefined): string | null {
  if (cell === null || typeof cell === 'string') return cell;
  switch (column?.kind) {
    case 'count':
      return formatCount(cell);
    case 'share':
      return formatShare(cell);
    case 'change':
      return formatChange(1, 1 + cell);
    case 'seconds':
      return formatDuration(1000 * cell);
    default:
      return formatFigure(cell);
  }
}

function measuredOn({ texts, tasks }: ExperimentReport): Markup {
  const ofTexts = texts.map(({ name, scoredTokens, window, stride, sha256 }) => [
    name,
    `${formatCount(scoredTokens)} tokens scored`,
    formatCount(window),
    formatCount(stride),
    null,
    html`<code>${sha256}</code>`,
  ]);
  const ofTasks = tasks.map(({ label, title, items, ofItems, contextLength, stride, seed, files }) => [
    `${label} (${title})`,
    `${formatCount(items)} of ${formatCount(ofItems)} items`,
    formatCount(contextLength),
    stride === null ? null : formatCount(stride),
    seed,
    html`${files.map(({ sha256 }) => html`<code>${sha256}</code><br>`)}`,
  ]);
  if (ofTexts.length + ofTasks.length === 0) return html`<p>Nothing was measured.</p>`;
  return table(['', 'How much', 'Context', 'Stride', 'Seed', 'SHA-256'], [...ofTexts, ...ofTasks], [2, 3, 4]);
}

function calibrations({ calibrations: all }: ExperimentReport): Markup {
  const rows = all.flatMap(({ name, domain, open }) => [
    ...of(name, 'domain', domain),
    ...of(name, 'open', open),
  ]);
  if (rows.length === 0) return html`<p>None was needed.</p>`;
  return table(['', 'Text', 'Samples', 'Tokens', 'SHA-256'], rows, [2, 3]);
}

const of = (name: string, part: string, tokens: ExperimentReport['calibrations'][number]['domain']) =>
  tokens
    ? [
        [
          name,
          part,
          formatCount(tokens.samples),
          formatCount(tokens.tokens),
          html`<code>${tokens.sha256}</code>`,
        ],
      ]
    : [];
