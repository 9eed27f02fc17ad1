import { UserError } from '../../contract/error.ts';
import type { ExperimentReport } from '../../contract/experiment.ts';
import { RunFolder } from '../run/run-folder.ts';
import type { NamedRun } from './experiment-request.ts';

/** A finished run of D-Pruner by the name that the experiment gives it. */
export interface OpenRun {
  readonly name: string;
  readonly run: RunFolder;
}

/** @throws UserError RUNS_DIFFER, SCORES_MISSING, and what RunFolder.open throws */
export async function openRuns(named: readonly NamedRun[]): Promise<OpenRun[]> {
  const runs: OpenRun[] = [];
  for (const { name, runDir } of named) runs.push({ name, run: await RunFolder.open(runDir) });
  const [{ run: first }] = runs;
  for (const { run } of runs) {
    if (run.record.settings.method !== 'd-pruner') throw withoutScores(run);
    if (run.record.modelFingerprint !== first.record.modelFingerprint) throw differ(first, run);
  }
  return runs;
}

/** What every experiment on finished runs says of them. */
export function runFacts(
  runs: readonly OpenRun[],
): Pick<
  ExperimentReport,
  | 'format'
  | 'modelDir'
  | 'modelFingerprint'
  | 'backend'
  | 'settings'
  | 'texts'
  | 'tasks'
  | 'calibrations'
  | 'finishedAt'
> {
  const [{ run }] = runs;
  const { modelDir, modelFingerprint, backend, settings } = run.record;
  return {
    format: 1,
    finishedAt: new Date().toISOString(),
    modelDir,
    modelFingerprint,
    backend,
    settings,
    texts: [],
    tasks: [],
    calibrations: runs.map(({ name, run: { record } }) => ({
      name,
      domain: record.domainTokens,
      open: record.openTokens,
    })),
  };
}

const withoutScores = ({ dir, record }: RunFolder) =>
  new UserError(
    'SCORES_MISSING',
    `The run in ${dir} is of ${record.settings.method}, which leaves no scores.`,
    'Name runs of d-pruner.',
  );

const differ = (a: RunFolder, b: RunFolder) =>
  new UserError(
    'RUNS_DIFFER',
    `The runs in ${a.dir} and ${b.dir} are over different models (${a.record.modelDir} and ${b.record.modelDir}).`,
    'Name runs over the same model.',
  );
