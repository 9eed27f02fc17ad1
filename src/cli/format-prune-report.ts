import { choosesJointly } from '../contract/settings.ts';
import type { PruneReport } from '../engine/prune-run.ts';
import { formatCalibration } from './format-calibration.ts';
import { formatBytes, formatCount, formatDuration, formatFigure, formatPercent } from './quantities.ts';
import { formatPairs, formatTable } from './table.ts';

/** What `prune` and `remask` print at their end. */
export function formatPruneReport(report: PruneReport): string {
  const calibration = formatCalibration(report.calibration);
  const notes = [...calibration.notes, ...report.notes].map((note) => `Note: ${note}`).join('\n');
  const parts = [formatPairs(facts(report)), calibration.table, stageTable(report), notes];
  return parts.filter((part) => part !== '').join('\n\n');
}

function facts(report: PruneReport): [string, string][] {
  const { settings, backend, loss, peakMemoryBytes } = report;
  const { size, zeros, matrices } = report.export;
  const numMatrices = Object.keys(matrices).length;
  return [
    ['Pruned model', report.outDir],
    ...(report.runDir === null ? [] : [['Run', report.runDir] as [string, string]]),
    ['Method', describeMethod(settings)],
    [
      'Zeros',
      `${formatPercent(zeros / size)}: ${formatCount(zeros)} of ${formatCount(size)} weights in ${formatCount(numMatrices)} matrices`,
    ],
    ['Backend', describeBackend(backend.at(-1))],
    ...(loss === null
      ? []
      : [
          ['Loss on the domain', `${formatFigure(loss, 4)} nats a token, before pruning`] as [string, string],
        ]),
    ['Peak memory', formatBytes(peakMemoryBytes)],
  ];
}

/** With what it cannot do as it should. */
const describeBackend = (used: PruneReport['backend'][number] | undefined): string =>
  used ? used.name + (used.reason ? ` (${used.reason})` : '') : 'none';

const METHODS = { 'd-pruner': 'D-Pruner', magnitude: 'magnitude', wanda: 'Wanda', sparsegpt: 'SparseGPT' };

function describeMethod(settings: PruneReport['settings']): string {
  const { method, criterion, mu, blocking, group, pattern, allocation, compensate, update } = settings;
  const importance =
    criterion === 'dual' || criterion === 'balanced'
      ? `${criterion} importance at mu ${mu}`
      : `criterion ${criterion}`;
  return [
    METHODS[method],
    method === 'd-pruner' && importance,
    choosesJointly(settings) && 'chosen jointly',
    blocking === 'iterative' && 'iterative blocking',
    group && `compared by ${group}`,
    pattern !== 'unstructured' && pattern,
    allocation === 'owl' && 'OWL allocation',
    compensate && (update === 'sweep' ? 'compensated by a sweep' : 'compensated'),
  ]
    .filter(Boolean)
    .join(', ');
}

function stageTable({ stages }: PruneReport): string {
  if (stages.length === 0) return '';
  return formatTable(
    ['Stage', 'Time', 'Tokens/s'],
    stages.map(({ stage, seconds, tokensPerSecond }) => [
      stage,
      formatDuration(1000 * seconds),
      tokensPerSecond > 0 ? formatCount(tokensPerSecond) : '', // all of it was done before a resume
    ]),
    ['left', 'right', 'right'],
  );
}
