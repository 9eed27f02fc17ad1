import { describeMethod } from '../../contract/titles.ts';
import { formatDuration, formatShare, formatTime } from './figures.ts';
import { facts, html } from './markup.ts';
import {
  data,
  files,
  headline,
  importance,
  keptWeights,
  notes,
  perplexity,
  type ReportInput,
  settings,
  stages,
} from './report-sections.ts';
import { REPORT_STYLE } from './report-style.ts';
import { taskFigures } from './task-figures.ts';

/** A run as a page of its own: no script, no other file, no address. Settings, hashes, figures and plots; no calibration text. */
export function runReport(input: ReportInput): string {
  const { detail, result } = input;
  const { summary } = detail;
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width"><title>${summary.name} – D-Pruner report</title>
<style>${{ html: REPORT_STYLE }}</style></head><body>
<p class="kicker">D-Pruner Desktop · pruning report</p>
<h1>${summary.name}</h1>
${facts([
  ['Model', summary.modelName],
  ['Domain', summary.domain ?? 'none'],
  ['Method', describeMethod(summary)],
  ['Sparsity asked for', formatShare(summary.sparsity)],
  ['Seed', summary.seed],
  ['Asked for', formatTime(summary.createdAt)],
  ['Ended', summary.endedAt && formatTime(summary.endedAt)],
  ['Time at work', formatDuration(summary.workedMs)],
  ['Run', detail.repeats === null ? summary.id : `${summary.id}, repeats run ${detail.repeats}`],
  ['Application', result.appVersion],
])}
${headline(input)}
<h2>Perplexity</h2>${perplexity(input)}
${taskFigures(input)}
<h2>Kept weights</h2>${keptWeights(input)}
${importance(input)}
<h2>Settings</h2>${settings(input)}
<h2>Data</h2>${data(input)}
<h2>Model and files</h2>${files(input)}
<h2>Time and memory</h2>${stages(input)}
${notes(input)}
<h2>What zeros buy, and what not</h2>
<p>The pruned folder has the size of the original, and runtimes that do not know sparse weights run it at the original's speed. The
zeros pay where they are stored or computed as such.</p>
</body></html>`;
  return `${page.html}\n`;
}
