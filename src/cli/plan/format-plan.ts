import type { PlanReport } from '../../engine/plan.ts';
import type { Need, RunPlan } from '../../engine/planning/plan-run.ts';
import { formatProgress } from '../progress-line.ts';
import { formatBytes, formatCount, formatDuration } from '../quantities.ts';
import { formatPairs, formatTable } from '../table.ts';

/** What `plan` prints. */
export function formatPlan(report: PlanReport): string {
  const { plan, times } = report;
  const needs: [string, Need | null][] = [
    [`Memory (peak, ${stageTitle(report.peakStage)})`, plan.memory],
    ['Memory of the graphics processor', plan.device],
    ['Disk of the run', plan.scratch],
    ['Disk of the output', plan.output],
  ];
  return [
    formatPairs(facts(report)),
    ...needs.flatMap(([title, need]) => (need ? [formatNeed(title, need)] : [])),
    ...(times ? [formatTimes(times)] : []),
    verdict(report),
  ].join('\n\n');
}

const stageTitle = (stage: string): string => formatProgress({ stage: stage as never, done: 0, total: 0 });

function facts({ model, plan, texts, backend }: PlanReport): [string, string][] {
  const source = model.hasWeights ? '' : ', from config.json alone';
  const { domain, open, mix } = texts;
  const tokens = [
    domain.tokens > 0 && `${formatCount(domain.tokens)} of the domain`,
    open.tokens > 0 && `${formatCount(open.tokens)} of open text`,
    mix.tokens > 0 && `${formatCount(mix.tokens)} of both for the pass that prunes`,
  ].filter(Boolean);
  return [
    [
      'Model',
      `${model.path}: ${formatCount(model.layers)} layers, ${formatBytes(model.weightBytes)} of weights${source}`,
    ],
    ['Backend', backend.at(-1)?.name ?? 'none'],
    ['Tokens, at most', tokens.join(', ') || 'none'],
    ['Micro-batch', plan.microBatchTokens > 0 ? `${formatCount(plan.microBatchTokens)} tokens` : 'none'],
    ['Between layers', describeSpill(plan, texts)],
  ];
}

function describeSpill({ spill, scratch }: RunPlan, { domain, open }: PlanReport['texts']): string {
  const [{ format, keepEvery }, tokens] =
    domain.tokens > 0 ? [spill.domain, domain.tokens] : [spill.open, open.tokens];
  if (tokens === 0) return 'nothing is kept';
  const kept =
    keepEvery === 1
      ? 'all boundaries are kept'
      : `each ${ordinal(keepEvery)} boundary is kept, the others are computed again`;
  const spills = scratch.parts.some(({ name }) => name === 'Activations between layers');
  return `${kept}, as ${format}, ${spills ? 'in memory and in the scratch file' : 'in memory'}`;
}

const ordinal = (n: number): string => `${n}${n === 2 ? 'nd' : n === 3 ? 'rd' : 'th'}`;

function formatNeed(title: string, { parts, neededBytes, freeBytes }: Need): string {
  const rows = [
    ...parts.map(({ name, bytes }) => [name, formatBytes(bytes)]),
    ['Needed', formatBytes(neededBytes)],
    [neededBytes <= freeBytes ? 'Free' : 'Free: too little', formatBytes(freeBytes)],
  ];
  return formatTable([title, ''], rows, ['left', 'right']);
}

function formatTimes(times: NonNullable<PlanReport['times']>): string {
  const total = (bound: 'low' | 'high') => times.reduce((sum, each) => sum + each[bound], 0);
  const rows = times.map(({ stage, low, high }) => [stageTitle(stage), range(low, high)]);
  return formatTable(
    ['Stage', 'Time'],
    [...rows, ['All', range(total('low'), total('high'))]],
    ['left', 'right'],
  );
}

const range = (low: number, high: number): string =>
  formatDuration(low) === formatDuration(high)
    ? formatDuration(low)
    : `${formatDuration(low)} to ${formatDuration(high)}`;

function verdict({ plan, change }: PlanReport): string {
  if (plan.fits) return 'The run fits.';
  if (!change)
    return 'The run does not fit, and no other setting makes it fit: free some space, or take a larger machine.';
  const { neededBytes } = change.plan.memory;
  return `The run does not fit. It does with ${change.options.join(' ')} (memory then ${formatBytes(neededBytes)}).`;
}
