import { type Command, Option } from 'commander';
import type { ExperimentRequest } from '../../engine/experiments/experiment-request.ts';
import { runOperation } from '../operation.ts';
import { writeReport } from '../outcome.ts';
import { forceOption, jsonOption } from '../shared-options.ts';
import {
  assertFree,
  type ExperimentFiles,
  experimentFiles,
  formatExperiment,
  writeExperiment,
} from './experiment-files.ts';

/** What every experiment is given. */
export interface OutputOptions {
  readonly out: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

export function addOutputOptions(command: Command, more: readonly Option[] = []): void {
  const out = new Option('--out <file>', 'name of what is written: FILE.md, .csv, .json and .svg');
  for (const option of [out.makeOptionMandatory(), ...more, forceOption(), jsonOption()])
    command.addOption(option.helpGroup('Output:'));
}

/** Runs an experiment and writes what it found. */
export async function performExperiment(
  { out, force = false, json = false }: OutputOptions,
  toRequest: (files: ExperimentFiles) => Promise<ExperimentRequest> | ExperimentRequest,
  whatNext: string,
): Promise<void> {
  const files = experimentFiles(out);
  const request = await toRequest(files);
  assertFree(files, force);
  const { runExperiment } = await import('../../engine/experiments/run-experiment.ts');
  const report = await runOperation(
    (onProgress, signal) => runExperiment(request, onProgress, signal),
    whatNext,
  );
  await writeExperiment(files, report);
  writeReport(report, json, () => formatExperiment(report, files));
}
