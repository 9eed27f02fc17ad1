import type { ImportanceDistributions } from '../../contract/importance.ts';
import type { ModelExport } from '../../contract/model-export.ts';
import type { RunResult } from '../../contract/result.ts';
import type { RunDetail } from '../../contract/run.ts';
import { backendTitle, stageTitle } from '../../contract/titles.ts';
import type { DatasetUse } from '../../history/run-store.ts';
import {
  formatBytes,
  formatChange,
  formatCount,
  formatDuration,
  formatFigure,
  formatShare,
} from './figures.ts';
import { importancePlot } from './importance-plot.ts';
import { keptWeightsPlot } from './kept-weights-plot.ts';
import { facts, html, type Markup, NOTHING, table } from './markup.ts';
import { perplexityPlot } from './perplexity-plot.ts';

export interface ReportInput {
  readonly detail: RunDetail;
  readonly result: RunResult;
  readonly distributions: ImportanceDistributions | null;
  readonly exports: readonly ModelExport[];
  readonly datasets: readonly DatasetUse[];
}

const figure = (drawing: Markup, caption: string): Markup =>
  drawing.html === '' ? NOTHING : html`<figure>${drawing}<figcaption>${caption}</figcaption></figure>`;

/** What it comes down to. */
export function headline({ result }: ReportInput): Markup {
  const tile = (title: string, big: string, small: string) =>
    html`<div class="tile"><span>${title}</span><b>${big}</b><span>${small}</span></div>`;
  const zeros = tile(
    'Zeros',
    formatShare(1 - result.kept / result.size),
    `${formatCount(result.size - result.kept)} of ${formatCount(result.size)} weights`,
  );
  const texts = result.texts.flatMap(({ name, role, dense, pruned }) =>
    pruned
      ? [
          tile(
            `Perplexity, ${name} (${role})`,
            formatChange(dense.perplexity, pruned.perplexity),
            `${formatFigure(dense.perplexity)} → ${formatFigure(pruned.perplexity)}`,
          ),
        ]
      : [],
  );
  return html`<div class="tiles">${zeros}${texts}</div>`;
}

export function perplexity({ detail, result: { texts }, exports }: ReportInput): Markup {
  if (texts.length === 0) return html`<p>Nothing was measured.</p>`;
  const rows = texts.map(({ name, role, dense, pruned, window, stride, maxTokens }) => [
    `${name} (${role})`,
    formatFigure(dense.perplexity),
    formatFigure(pruned?.perplexity ?? null),
    pruned ? changeOf(dense.perplexity, pruned) : null,
    `${formatCount(dense.scoredTokens)}, ${formatCount(dense.windows)}`,
    `${window}, ${stride}${maxTokens === null ? '' : `, first ${formatCount(maxTokens)}`}`,
  ]);
  const heads = ['Text', 'Dense', 'Pruned', 'Change', 'Tokens, windows', 'Window, stride'];
  return html`${table(heads, rows, [1, 2, 3, 4, 5])}
<p class="quiet">Lower is better. A figure compares only with figures of the same text, tokenizer, window and stride. In brackets: the 95 %
interval of the change over other passages of the text (windows resampled in pairs).</p>
${figure(perplexityPlot(detail.summary, texts, exports), 'The dense model, this run, and the measured models that were made of its scores with the same μ.')}
${otherModels(exports)}`;
}

/** With its interval, and what that says. */
function changeOf(dense: number, { perplexity, change }: Pruned): string | Markup {
  const text = formatChange(dense, perplexity);
  if (change === null) return text;
  const interval = `${text} [${formatChange(1, 1 + change.low)}, ${formatChange(1, 1 + change.high)}]`;
  return change.distinguishable ? interval : html`${interval}<br>not distinguishable`;
}

type Pruned = NonNullable<RunResult['texts'][number]['pruned']>;

/** Other models made of the same scores, where they were measured. */
function otherModels(exports: readonly ModelExport[]): Markup {
  const measured = exports.filter(({ status, texts }) => status === 'finished' && texts.length > 0);
  if (measured.length === 0) return NOTHING;
  const names = measured[0]?.texts.map(({ name }) => name) ?? [];
  const rows = measured.map(({ sparsity, mu, texts, outDir }) => [
    formatShare(sparsity),
    formatFigure(mu, 3),
    ...names.map((name) =>
      formatFigure(texts.find((text) => text.name === name)?.pruned?.perplexity ?? null),
    ),
    html`<code>${outDir}</code>`,
  ]);
  const numeric = [0, 1, ...names.map((_, index) => index + 2)];
  return html`<h3>Other models of the same scores</h3>${table(['Sparsity', 'μ', ...names, 'Folder'], rows, numeric)}`;
}

export const keptWeights = ({ result }: ReportInput): Markup =>
  figure(
    keptWeightsPlot(result.matrices),
    'Share of each matrix that was kept, counted in the written files.',
  );

export function importance({ distributions }: ReportInput): Markup {
  if (!distributions) return NOTHING;
  const caption = 'Thick: the middle half of a layer’s weights; thin: the middle 90 %; circle: the median.';
  return html`<h2>Importance by layer</h2>${figure(importancePlot(distributions), caption)}`;
}

export function settings({ detail: { request } }: ReportInput): Markup {
  const written = Object.entries(request.settings).map(
    ([name, value]) => [name, value === null ? 'by default' : String(value)] as const,
  );
  const all = [...written, ['backend', request.backend ?? 'the best that works'] as const];
  const rows = all.map(([name, value]) => [html`<code>${name}</code>`, value]);
  const half = Math.ceil(rows.length / 2);
  const heads = ['Setting', 'Value'];
  return html`<div class="columns">${table(heads, rows.slice(0, half))}${table(heads, rows.slice(half))}</div>`;
}

export function data({ result, datasets }: ReportInput): Markup {
  const parts = result.calibration?.parts ?? [];
  const open = result.calibration?.open ?? null;
  const rows = [
    ...parts.map(({ title, share, used, available, truncated, tokens }) => [
      title,
      ...[formatShare(share), ...[used, available, truncated, tokens].map(formatCount)],
    ]),
    ...(open ? [['General text', null, formatCount(open.used), null, null, formatCount(open.tokens)]] : []),
  ];
  const heads = ['Part', 'Share', 'Samples used', 'Available', 'Cut', 'Tokens'];
  const used = table(
    ['Used for', 'File and SHA-256'],
    datasets.map(({ part, path, sha256 }) => [part, html`<code>${path}</code><br><code>${sha256}</code>`]),
  );
  return html`${rows.length > 0 ? table(heads, rows, [1, 2, 3, 4, 5]) : html`<p>No calibration was needed.</p>`}
<p class="quiet">Counts, paths and hashes only: the texts themselves are in no report.</p>${used}`;
}

export function files({ detail, result }: ReportInput): Markup {
  const { summary } = detail;
  const rows = result.weightFiles.map(({ name, bytes, sourceSha256, sha256 }) => [
    name,
    formatBytes(bytes),
    html`<code>${sourceSha256}</code><br><code>${sha256}</code>`,
  ]);
  return html`${table(
    [],
    [
      ['Original', html`<code>${summary.modelDir}</code>`],
      ['Pruned', html`<code>${summary.outDir}</code>`],
      ['Fingerprint of the original', html`<code>${result.modelFingerprint}</code>`],
    ],
  )}
${table(['Weight file', 'Size', 'SHA-256 before and after'], rows, [1])}`;
}

export function stages({ result }: ReportInput): Markup {
  const rows = result.stages.map(({ stage, seconds, tokensPerSecond }) => [
    stageTitle(stage),
    formatDuration(1000 * seconds),
    tokensPerSecond > 0 ? formatCount(tokensPerSecond) : null,
  ]);
  const { backend, peakMemoryBytes, loss } = result;
  return html`${facts([
    ['Backend', backendTitle(backend)],
    ['Peak memory', formatBytes(peakMemoryBytes)],
    ['Loss on the calibration, dense', loss === null ? null : `${formatFigure(loss)} nats a token`],
  ])}
${rows.length > 0 ? table(['Stage', 'Time', 'Tokens/s'], rows, [1, 2]) : NOTHING}`;
}

export function notes({ result: { notes: own, calibration } }: ReportInput): Markup {
  const all = [...(calibration?.notes ?? []), ...own];
  if (all.length === 0) return NOTHING;
  return html`<h2>Notes</h2><ul>${all.map((note) => html`<li>${note}</li>`)}</ul>`;
}
