import type { ImportanceDistributions } from '../../contract/importance.ts';
import type { ModelExport } from '../../contract/model-export.ts';
import type { RunResult, TextResult } from '../../contract/result.ts';
import type { RunDetail } from '../../contract/run.ts';
import type { DatasetUse } from '../../history/run-store.ts';
import { formatBytes, formatCount, formatDuration, formatFigure, formatShare } from './figures.ts';
import { importancePlot } from './importance-plot.ts';
import { keptWeightsPlot } from './kept-weights-plot.ts';
import { html, type Markup, NOTHING, table } from './markup.ts';

export interface ReportInput {
  readonly detail: RunDetail;
  readonly result: RunResult;
  readonly distributions: ImportanceDistributions | null;
  readonly exports: readonly ModelExport[];
  readonly datasets: readonly DatasetUse[];
}

const STYLE = `
:root { color-scheme: light; font: 14px/1.45 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; color: #16202a; }
body { max-width: 52rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin: 0 0 .2rem; } h2 { font-size: 1.15rem; margin: 1.8rem 0 .5rem; break-after: avoid; }
p { margin: .4rem 0; } .quiet { color: #566573; }
table { border-collapse: collapse; width: 100%; break-inside: avoid; }
th, td { text-align: left; vertical-align: top; padding: .25rem .6rem .25rem 0; border-bottom: 1px solid #d5dbe1; overflow-wrap: anywhere; }
th { font-weight: 600; } .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
code { font: .85em ui-monospace, "DejaVu Sans Mono", monospace; }
svg { max-width: 100%; height: auto; font: 11px system-ui, sans-serif; break-inside: avoid; }
@page { size: A4; margin: 18mm 16mm; }
`;

/** A run as a page of its own: no script, no other file, no address. Settings, hashes, figures and plots; no calibration text. */
export function runReport(input: ReportInput): string {
  const { detail, result } = input;
  const { summary } = detail;
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width"><title>${summary.name} – D-Pruner report</title>
<style>${{ html: STYLE }}</style></head><body>
<h1>${summary.name}</h1>
<p class="quiet">Run ${summary.id} of ${summary.createdAt.slice(0, 10)} · D-Pruner Desktop ${result.appVersion} · seed ${summary.seed}</p>
<h2>Outcome</h2>${outcome(result)}
<h2>Perplexity</h2>${perplexities(result.texts)}${points(input)}
<h2>Kept weights</h2>${keptWeightsPlot(result.matrices)}
${importance(input.distributions)}
<h2>Settings</h2>${settings(detail)}
<h2>Data</h2>${data(input)}
<h2>Model and files</h2>${files(input)}
<h2>Time and memory</h2>${stages(result)}
${notes(result)}
<h2>What zeros buy, and what not</h2>
<p>The pruned folder has the size of the original, and runtimes that do not know sparse weights run it at the original's speed. The
zeros pay where they are stored or computed as such.</p>
</body></html>`;
  return `${page.html}\n`;
}

function outcome({ size, kept, loss }: RunResult): Markup {
  return table(
    ['', ''],
    [
      [
        'Zeros',
        `${formatShare(1 - kept / size)}: ${formatCount(size - kept)} of ${formatCount(size)} weights`,
      ],
      ['Loss on the domain before pruning', loss === null ? null : `${formatFigure(loss)} nats a token`],
    ],
  );
}

function perplexities(texts: readonly TextResult[]): Markup {
  if (texts.length === 0) return html`<p>Nothing was measured.</p>`;
  const rows = texts.map(({ name, role, dense, pruned, window, stride, maxTokens }) => [
    `${name} (${role})`,
    formatFigure(dense.perplexity),
    formatFigure(pruned?.perplexity ?? null),
    pruned ? `× ${formatFigure(pruned.perplexity / dense.perplexity, 3)}` : null,
    formatCount(dense.scoredTokens),
    `${window}, ${stride}${maxTokens === null ? '' : `, first ${formatCount(maxTokens)}`}`,
  ]);
  return html`${table(['Text', 'Dense', 'Pruned', 'Ratio', 'Scored tokens', 'Window, stride'], rows, [1, 2, 3, 4, 5])}
<p class="quiet">Lower is better. Figures compare only where text, window and stride are the same.</p>`;
}

/** Other models made of the same scores, where they were measured. */
function points({ exports }: ReportInput): Markup {
  const measured = exports.filter(({ status, texts }) => status === 'finished' && texts.length > 0);
  if (measured.length === 0) return NOTHING;
  const names = measured[0]?.texts.map(({ name }) => name) ?? [];
  const rows = measured.map(({ sparsity, mu, texts, outDir }) => [
    formatShare(sparsity),
    formatFigure(mu, 3),
    ...names.map((name) =>
      formatFigure(texts.find((text) => text.name === name)?.pruned?.perplexity ?? null),
    ),
    outDir,
  ]);
  const numeric = [0, 1, ...names.map((_, index) => index + 2)];
  return html`<p>Other models of the same scores:</p>${table(['Sparsity', 'μ', ...names, 'Folder'], rows, numeric)}`;
}

function importance(distributions: ImportanceDistributions | null): Markup {
  if (!distributions) return NOTHING;
  return html`<h2>Importance by layer</h2>${importancePlot(distributions)}
<p class="quiet">Natural logarithm; thick: the middle half of a layer's weights, thin: the middle 90 %, dot: the median.</p>`;
}

function settings({ request }: RunDetail): Markup {
  const rows = Object.entries(request.settings).map(([name, value]) => [
    name,
    value === null ? 'by default' : String(value),
  ]);
  const more = [['backend asked for', request.backend ?? 'the best that works']];
  return table(['Setting', 'Value'], [...rows, ...more]);
}

function data({ result, datasets }: ReportInput): Markup {
  const parts = result.calibration?.parts ?? [];
  const mix = table(
    ['Part', 'Share', 'Used', 'Available', 'Cut', 'Tokens'],
    parts.map(({ title, share, used, available, truncated, tokens }) => [
      title,
      ...[formatShare(share), ...[used, available, truncated, tokens].map(formatCount)],
    ]),
    [1, 2, 3, 4, 5],
  );
  const used = table(
    ['Used for', 'File', 'SHA-256'],
    datasets.map(({ part, path, sha256 }) => [part, path, html`<code>${sha256}</code>`]),
  );
  return html`${parts.length > 0 ? mix : html`<p>No calibration was needed.</p>`}${used}`;
}

function files({ detail, result }: ReportInput): Markup {
  const { summary } = detail;
  const rows = result.weightFiles.map(({ name, bytes, sourceSha256, sha256 }) => [
    name,
    formatBytes(bytes),
    html`<code>${sourceSha256}</code><br><code>${sha256}</code>`,
  ]);
  return html`<p>${summary.modelName}: ${summary.modelDir}<br>pruned: ${summary.outDir}</p>
<p>Fingerprint of the model: <code>${result.modelFingerprint}</code></p>
${table(['Weight file', 'Size', 'SHA-256 before and after'], rows, [1])}`;
}

function stages({ stages: timings, peakMemoryBytes, backend }: RunResult): Markup {
  const rows = timings.map(({ stage, seconds, tokensPerSecond }) => [
    stage,
    formatDuration(1000 * seconds),
    tokensPerSecond > 0 ? formatCount(tokensPerSecond) : null,
  ]);
  return html`${rows.length > 0 ? table(['Stage', 'Time', 'Tokens/s'], rows, [1, 2]) : NOTHING}
<p>Backend ${backend}; peak memory ${formatBytes(peakMemoryBytes)}.</p>`;
}

function notes({ notes: own, calibration }: RunResult): Markup {
  const all = [...(calibration?.notes ?? []), ...own];
  if (all.length === 0) return NOTHING;
  return html`<h2>Notes</h2><ul>${all.map((note) => html`<li>${note}</li>`)}</ul>`;
}
