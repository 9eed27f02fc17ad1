import { z } from 'zod';
import type { ExperimentReport, ExperimentTable, LinePlot } from '../../contract/experiment.ts';
import type { OnProgress } from '../../contract/progress.ts';
import { compare } from '../comparison/compare.ts';
import type { CompareReport } from '../comparison/comparison.ts';
import type { SweepRequest } from './experiment-request.ts';
import { PartClock } from './part-clock.ts';
import type { AddedColumn, MeasuredSweep, Sweep, SweepPoint } from './sweep.ts';
import { TASK_REMARK, taskPlots, taskTables } from './sweep-tasks.ts';

/**
 * Measures all points of a sweep in one work folder: what one comparison has scored, pruned or measured, no other does
 * again, and neither does a second start.
 */
export async function runSweep(
  sweep: Sweep,
  request: SweepRequest,
  onProgress: OnProgress,
  signal?: AbortSignal,
): Promise<ExperimentReport> {
  const parts = await sweep.parts(request);
  const reports: CompareReport[] = [];
  const points: SweepPoint[] = [];
  const clock = new PartClock(parts.length);
  for (const [part, { name, request: own, points: wanted }] of parts.entries()) {
    clock.begin(part);
    const place = parts.length > 1 ? `${name} (${part + 1} of ${parts.length}): ` : '';
    const within: OnProgress = ({ remainingMs, ...progress }) =>
      onProgress({
        ...progress,
        ...(remainingMs !== undefined && { remainingMs: clock.remainingMs(remainingMs) }),
        message: `${place}${progress.message ?? ''}`,
      });
    const report = await compare({ ...request, ...own }, within, signal);
    reports.push(report);
    points.push(...wanted.map((point, i) => ({ ...point, part, row: report.rows[i + 1] })));
  }
  const measured: MeasuredSweep = { request, reports, points };
  const described = (await sweep.describe?.(measured)) ?? { columns: [], remarks: [] };
  return reportOf(
    sweep,
    measured,
    parts.map(({ name }) => name),
    described,
  );
}

function reportOf(
  sweep: Sweep,
  measured: MeasuredSweep,
  names: readonly string[],
  { columns, remarks }: { columns: readonly AddedColumn[]; remarks: readonly string[] },
): ExperimentReport {
  const { title } = sweep;
  const { request, reports, points } = measured;
  const [first] = reports;
  const dense = first.rows[0];
  const seconds = secondsOf(points);
  return {
    format: 1,
    experiment: request.experiment,
    title,
    appVersion: first.appVersion,
    finishedAt: new Date().toISOString(),
    modelDir: first.modelDir,
    modelFingerprint: first.modelFingerprint,
    backend: first.backend,
    settings: request.settings,
    texts: first.texts.map(({ name, file, sha256, window, stride, maxTokens }) => ({
      ...{ name, file, sha256, window, stride, maxTokens },
      scoredTokens: dense.perplexities[name].scoredTokens,
    })),
    calibrations: reports.map(({ domainTokens, openTokens }, i) => ({
      name: names[i],
      domain: domainTokens ?? null,
      open: openTokens ?? null,
    })),
    seconds,
    tasks: first.tasks.map(({ label, definition, items, ofItems, contextLength, stride, seed, files }) => ({
      ...{ label, title: definition.title, items, ofItems, contextLength, stride, seed, files: [...files] },
    })),
    tables: [tableOf(title, measured, columns), ...taskTables(measured)],
    plots: [...(sweep.plots?.(measured) ?? linesOf(sweep, measured))],
    remarks: [
      ...(first.texts.length > 0 ? ['Perplexity, lower is better; changes are to the dense model.'] : []),
      ...(first.tasks.length > 0 ? [TASK_REMARK] : []),
      ...remarks,
      ...costOf(seconds, points),
      ...new Set(reports.flatMap(({ calibration }) => notesOf(calibration))),
      ...new Set(points.flatMap(({ row }) => row.notes)),
    ],
  };
}

function linesOf({ title, axis }: Sweep, measured: MeasuredSweep): LinePlot[] {
  const ofTexts = measured.reports[0].texts.length > 0 ? [plotOf(title, axis, measured)] : [];
  return [...ofTexts, ...taskPlots(axis, measured)];
}

function tableOf(
  title: string,
  { reports: [first], points }: MeasuredSweep,
  added: readonly AddedColumn[],
): ExperimentTable {
  const names = first.texts.map(({ name }) => name);
  const [dense] = first.rows;
  return {
    title,
    columns: [
      { name: 'point', kind: 'text' },
      { name: 'zeros', kind: 'share' },
      ...names.flatMap((name) => [
        { name, kind: 'figure' as const },
        { name: `${name}, change`, kind: 'change' as const },
      ]),
      ...added.map(({ column }) => column),
      { name: 'scoring', kind: 'seconds' },
      { name: 'pruning', kind: 'seconds' },
    ],
    rows: [
      [
        'dense',
        dense.sparsity,
        ...names.flatMap((name) => [dense.perplexities[name].perplexity, null]),
        ...added.map(({ dense: own }) => own ?? null),
        null,
        null,
      ],
      ...points.map(({ label, row }, i) => [
        label,
        row.sparsity,
        ...names.flatMap((name) => [row.perplexities[name].perplexity, row.perplexities[name].change]),
        ...added.map(({ cells }) => cells[i]),
        row.seconds.scoring,
        row.seconds.pruning,
      ]),
    ],
  };
}

function plotOf(title: string, axis: LinePlot['x'], { reports: [first], points }: MeasuredSweep): LinePlot {
  // A logarithmic axis has no 0: there the point stands a step before the next.
  const positive = points.map(({ x }) => x).filter((x) => x > 0);
  const least = Math.min(...positive) / 10;
  const isLog = axis.scale === 'log' && positive.length > 0;
  return {
    kind: 'lines',
    title,
    x: isLog && positive.length < points.length ? { ...axis, label: `${axis.label} (0 at the left)` } : axis,
    y: { label: "perplexity over the dense model's", scale: 'log' },
    joined: true,
    series: first.texts.map(({ name }) => ({
      name,
      points: points.map(({ x, row }) => ({
        x: isLog && x === 0 ? least : x,
        y: row.perplexities[name].change + 1,
      })),
    })),
  };
}

/** Points that share scores all have the whole time of it, which was spent once. */
function secondsOf(points: readonly SweepPoint[]): ExperimentReport['seconds'] {
  const scorings = new Map<string, number>();
  for (const { part, row } of points) {
    const key = `${part} ${row.settings?.criterion} ${row.settings?.lambda}`; // what decides a part's scores
    scorings.set(key, Math.max(scorings.get(key) ?? 0, row.seconds.scoring));
  }
  const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);
  return {
    scoring: sum(scorings.values()),
    pruning: sum(points.map(({ row }) => row.seconds.pruning)),
    measuring: sum(points.map(({ row }) => row.seconds.measuring)),
  };
}

function costOf({ scoring, pruning }: ExperimentReport['seconds'], points: readonly SweepPoint[]): string[] {
  const once = Math.max(...points.map(({ row }) => row.seconds.scoring));
  if (!(once > 0)) return [];
  const spent = `Scoring took ${Math.round(scoring)} s and all masks ${Math.round(pruning)} s`;
  // Scores that another run has lent took no time here, and are nothing to compare with.
  if (once < pruning) return [`${spent}.`];
  const times = Number(((scoring + pruning) / once).toPrecision(3));
  return [
    `${spent}: the ${points.length} points cost ${times} times the scoring of one, their evaluation aside.`,
  ];
}

const withNotes = z.object({ domain: z.object({ notes: z.array(z.string()) }) });

/** What the calibration's report says of the data. */
const notesOf = (calibration: unknown): string[] => withNotes.safeParse(calibration).data?.domain.notes ?? [];
