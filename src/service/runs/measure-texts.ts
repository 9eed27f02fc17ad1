import { stat } from 'node:fs/promises';
import type { OnProgress } from '../../contract/progress.ts';
import type { TextResult } from '../../contract/result.ts';
import type { RunRequest } from '../../contract/run-request.ts';
import { evaluate } from '../../engine/evaluation/evaluate.ts';
import type { WindowNll } from '../../engine/evaluation/perplexity.ts';
import { perplexityChange } from '../../engine/evaluation/perplexity-change.ts';
import type { ProgressReport, RunStep } from './progress-report.ts';

export type Text = RunRequest['evaluation']['texts'][number];
type Measured = Awaited<ReturnType<typeof evaluate>>;

export interface MeasureOptions {
  readonly request: Pick<RunRequest, 'evaluation' | 'backend'>;
  readonly modelDir: string;
  readonly step: RunStep;
  readonly report: ProgressReport;
  readonly signal: AbortSignal;
}

/** Measures a model's perplexity on texts, one after the other; each is given on as soon as it is there. */
export async function* measureTexts(texts: readonly Text[], options: MeasureOptions) {
  const sizes = await Promise.all(
    texts.map(async ({ file }) => (await stat(file).catch(() => null))?.size ?? 0),
  );
  let doneBytes = 0;
  let doneMs = 0;
  for (const [index, text] of texts.entries()) {
    const startedAtMs = performance.now();
    const laterBytes = sizes.slice(index + 1).reduce((sum, size) => sum + size, 0);
    const onProgress: OnProgress = (progress) => {
      const msPerByte = doneBytes > 0 ? doneMs / doneBytes : 0;
      options.report.pass(options.step, { ...progress, message: text.name }, laterBytes * msPerByte);
    };
    const result = await measure(text, options, onProgress);
    doneBytes += sizes[index] ?? 0;
    doneMs += performance.now() - startedAtMs;
    yield { text, result };
  }
}

function measure({ file }: Text, { request, modelDir, signal }: MeasureOptions, onProgress: OnProgress) {
  const { window, stride, maxTokens } = request.evaluation;
  return evaluate(
    { modelDir, source: { kind: 'text', file }, window, stride, maxTokens, backend: request.backend },
    onProgress,
    signal,
  );
}

/** The dense model's figure, with all that it depends on. */
export const denseResult = ({ name, role }: Text, report: Measured): TextResult => ({
  name,
  role,
  file: report.file,
  sha256: report.sha256,
  window: report.window,
  stride: report.stride,
  maxTokens: report.maxTokens,
  backend: report.backend,
  dense: figureOf(report),
  pruned: null,
});

const figureOf = ({ perplexity, meanNll, scoredTokens, windows }: Measured) => ({
  perplexity,
  meanNll,
  scoredTokens,
  windows,
});

/** The pruned model's figure. @param dense what the dense one made of each window, where that is known */
export function prunedFigure(report: Measured, dense: readonly WindowNll[] | undefined) {
  const { ofWindows } = report;
  const isSame = dense !== undefined && dense.length > 0 && dense.length === ofWindows.length;
  const change = isSame ? perplexityChange(dense, ofWindows) : null;
  // Of a ruined model there may be no number.
  const isKnown = change !== null && [change.value, change.low, change.high].every(Number.isFinite);
  return { ...figureOf(report), change: isKnown ? change : null };
}
