import { create } from 'zustand';
import type { ExperimentProgress, RunProgress } from '../../src/contract/run-progress.ts';

export interface MemoryPoint {
  readonly elapsedMs: number;
  readonly bytes: number;
}

export interface LiveRun {
  readonly latest: RunProgress;
  /** Oldest first; thinned out to at most `MOST_POINTS`. */
  readonly memory: readonly MemoryPoint[];
}

const MOST_POINTS = 400;

interface LiveProgress {
  readonly runs: Readonly<Record<number, LiveRun>>;
  readonly experiments: Readonly<Record<number, ExperimentProgress>>;
}

/** The latest progress of each run and experiment that was heard of since the window opened. */
export const useLiveProgress = create<LiveProgress>(() => ({ runs: {}, experiments: {} }));

export function takeExperimentProgress(latest: ExperimentProgress): void {
  useLiveProgress.setState(({ experiments }) => ({
    experiments: { ...experiments, [latest.experimentId]: latest },
  }));
}

export function takeProgress(latest: RunProgress): void {
  useLiveProgress.setState(({ runs }) => {
    const before = runs[latest.runId];
    const last = before?.memory.at(-1);
    // The clock starts again when a run is resumed.
    const kept = before && last && last.elapsedMs <= latest.elapsedMs ? before.memory : [];
    const point = { elapsedMs: latest.elapsedMs, bytes: latest.memoryBytes };
    return { runs: { ...runs, [latest.runId]: { latest, memory: thinOut([...kept, point]) } } };
  });
}

/** Keeps every second point once there are too many: the curve stays whole, its resolution halves. */
function thinOut(points: MemoryPoint[]): MemoryPoint[] {
  return points.length <= MOST_POINTS ? points : points.filter((_, index) => index % 2 === points.length % 2);
}
