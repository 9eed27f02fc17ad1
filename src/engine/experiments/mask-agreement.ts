import { openCheckpoint } from '../checkpoint/open-checkpoint.ts';
import { WorkFolder } from '../comparison/work-folder.ts';
import { recordIn } from '../run/borrow-scores.ts';
import { masksFromStore } from '../run/mask-source.ts';
import { RunFolder } from '../run/run-folder.ts';
import type { RunRecord } from '../run/run-record.ts';
import { overlapMasks } from './mask-overlap.ts';
import type { AddedColumn, MeasuredSweep, SweepPoint } from './sweep.ts';

/** The finished runs that the sweep's points were masked from. */
export async function runsOf(
  { request: { workDir }, points }: MeasuredSweep,
  isOf: (record: RunRecord, point: SweepPoint) => boolean,
): Promise<RunFolder[]> {
  const runs = await finishedRuns(workDir);
  return points.map((point) => {
    const run = runs.findLast(({ record }) => isOf(record, point));
    if (!run) throw new Error(`the scores of ${point.label} are not in ${workDir}`);
    return run;
  });
}

/** A work folder may also hold runs of methods that leave no scores, and interrupted ones of other experiments. */
async function finishedRuns(workDir: string): Promise<RunFolder[]> {
  const work = await WorkFolder.open(workDir);
  try {
    const runs: RunFolder[] = [];
    for (const dir of await work.runDirs()) {
      const record = await recordIn(dir);
      if (record?.finished) runs.push(await RunFolder.open(dir));
    }
    return runs;
  } finally {
    await work.close();
  }
}

/** How many of the weights that the first point keeps each point keeps, too. */
export async function keptAsByFirst(
  measured: MeasuredSweep,
  isOf: (record: RunRecord, point: SweepPoint) => boolean,
): Promise<AddedColumn> {
  const { points, request } = measured;
  const runs = await runsOf(measured, isOf);
  const checkpoint = await openCheckpoint(request.modelDir);
  try {
    const masks = runs.map(({ store }, i) =>
      masksFromStore(checkpoint, store, points[i].row.settings ?? request.settings),
    );
    const cells = [1];
    for (const mask of masks.slice(1)) {
      const [{ overall }] = await overlapMasks(checkpoint.config, [masks[0], mask]);
      cells.push(overall.shared / (1 - request.settings.sparsity));
    }
    return { column: { name: `kept as by ${points[0].label}`, kind: 'share' }, cells };
  } finally {
    await checkpoint.close();
  }
}
