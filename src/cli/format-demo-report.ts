import type { DemoReport, DemoRow } from './demo.ts';
import { formatCount, formatDuration, formatFigure, formatPercent } from './quantities.ts';
import { formatTable } from './table.ts';

const METHOD: Record<DemoRow['method'], string> = {
  dense: 'Dense (not pruned)',
  'd-pruner': 'D-Pruner',
  magnitude: 'Magnitude',
};

/** The demo's table, and what a reader must know to read it. */
export function formatDemoReport(report: DemoReport): string {
  const { rows, settings, evaluation, backend, seconds } = report;
  const table = formatTable(
    ['Model', 'Zeros', 'Legal perplexity', 'General perplexity', 'Time'],
    rows.map(({ method, sparsity, perplexity, seconds: spent }) => [
      METHOD[method],
      formatPercent(sparsity),
      formatFigure(perplexity.legal, 4),
      formatFigure(perplexity.general, 4),
      method === 'dense' ? '' : formatDuration(1000 * spent),
    ]),
    ['left', 'right', 'right', 'right', 'right'],
  );
  const { window, stride, scoredTokens } = evaluation;
  return `${table}

Perplexity says how many tokens the model wavers between at each step of texts that it has never seen; lower is better.
Measured on ${formatCount(scoredTokens.legal)} legal and ${formatCount(scoredTokens.general)} general tokens, window ${window}, stride ${stride}. D-Pruner was calibrated on
${settings.samples} legal and ${settings.openSamples} general samples of at most ${settings.sequenceLength} tokens (criterion ${settings.criterion}, mu ${settings.mu}, seed ${settings.seed}); a second
sparsity is made of the same scores. Backend ${backend}; ${formatDuration(1000 * seconds)} in all. The model: ${report.modelDir}
A model this small has little to tell the methods apart by; the README has the figures of a real one.`;
}
