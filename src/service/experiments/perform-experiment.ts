import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ExperimentRequest } from '../../contract/experiment-request.ts';
import { writeDurably } from '../../engine/checkpoint/durable-file.ts';
import { openCheckpoint } from '../../engine/checkpoint/open-checkpoint.ts';
import type { ExperimentRequest as EngineRequest } from '../../engine/experiments/experiment-request.ts';
import { runExperiment } from '../../engine/experiments/run-experiment.ts';
import { modelFingerprint } from '../../engine/run/fingerprint.ts';
import { RunFolder } from '../../engine/run/run-folder.ts';
import { calibrationSource } from '../runs/calibration-source.ts';
import { ProgressReport } from '../runs/progress-report.ts';
import { hashFiles } from '../runs/run-inputs.ts';
import type { ExperimentJob, WorkerReport } from '../runs/worker-message.ts';
import { experimentFiles } from './experiment-inputs.ts';

/**
 * An experiment from beginning to end, or from where it was stopped: of a sweep, finished points and layers are kept in its
 * work folder.
 * @throws UserError; Interrupted when `signal` is aborted
 */
export async function performExperiment(
  job: ExperimentJob,
  tell: (report: WorkerReport) => void,
  signal: AbortSignal,
): Promise<void> {
  const { request, presetFile, reportFile } = job;
  await mkdir(dirname(reportFile), { recursive: true, mode: 0o700 });
  await tellInputs(job, tell);
  if ('calibration' in request) await writeFile(presetFile, JSON.stringify(request.calibration.preset));
  const progress = new ProgressReport((progress) => tell({ kind: 'progress', progress }));
  const report = await runExperiment(engineRequest(job), (now) => progress.pass(null, now), signal);
  const text = Buffer.from(`${JSON.stringify(report, null, 2)}\n`);
  await writeDurably(reportFile, (append) => append(text));
}

async function tellInputs({ request, runs }: ExperimentJob, tell: (report: WorkerReport) => void) {
  const [first] = runs;
  const modelDir =
    'modelDir' in request ? request.modelDir : (await RunFolder.open(first?.runDir ?? '')).record.modelDir;
  const checkpoint = await openCheckpoint(modelDir);
  try {
    const fingerprint = await modelFingerprint(checkpoint);
    const datasets = await hashFiles(experimentFiles(request));
    tell({ kind: 'inputs', datasets, modelFingerprint: fingerprint });
  } finally {
    await checkpoint.close();
  }
}

/** The engine's request: the same that the command line makes of the same settings. */
function engineRequest({ request, runs, workDir, presetFile }: ExperimentJob): EngineRequest {
  switch (request.experiment) {
    case 'similarity':
      return { experiment: 'similarity', runs, changes: {} };
    case 'distributions':
      return { experiment: 'distributions', runs };
    case 'fisher': {
      const { experiment, modelDir, text, samples, sequenceLength, weights, seed, backend } = request;
      const source = { kind: 'text' as const, file: text };
      return {
        ...{
          experiment,
          modelDir,
          source,
          samples,
          sequenceLength,
          weightsPerMatrix: weights,
          seed,
          backend,
        },
      };
    }
    default:
      return sweepRequest(request, { workDir, presetFile, lenders: runs.map(({ runDir }) => runDir) });
  }
}

function sweepRequest(
  { experiment, values, modelDir, settings, calibration, evaluation, backend }: Sweep,
  { workDir, presetFile, lenders }: { workDir: string; presetFile: string; lenders: string[] },
): EngineRequest {
  const { texts, tasks, taskItems, window, stride, maxTokens } = evaluation;
  return {
    ...{ experiment, values, modelDir, workDir, lenders, backend },
    settings: { ...settings, method: 'd-pruner' },
    calibration: calibrationSource(calibration, presetFile),
    texts: texts.map(({ name, file }) => ({ kind: 'text', name, file })),
    tasks: tasks.map(({ task, name, files }) => ({ task, label: name, files })),
    items: taskItems,
    ...{ window, stride, maxTokens },
  };
}

type Sweep = Extract<ExperimentRequest, { calibration: unknown }>;
