import type { ExperimentName } from '../../src/contract/experiment.ts';
import type { ExperimentRequestInput } from '../../src/contract/experiment-request.ts';
import type { Base } from './experiment-base.ts';
import { experimentTitles, isSweep } from './experiment-words.ts';
import { readPoints } from './read-points.ts';

/** A new experiment as it is being put together. */
export interface NewExperiment {
  readonly experiment: ExperimentName;
  readonly base: Base | null;
  readonly points: string;
  /** For those that look into finished runs. */
  readonly runIds: readonly number[];
  /** Empty: as it is suggested. */
  readonly name: string;
}

export type NewRequest =
  | { readonly request: ExperimentRequestInput; readonly missing: null }
  | { readonly request: null; readonly missing: string };

/** The request that starts it, or what stands in the way. */
export function newRequest(draft: NewExperiment): NewRequest {
  const { experiment, base, runIds } = draft;
  const name = draft.name.trim() || suggestedName(draft);
  if (experiment === 'similarity' || experiment === 'distributions') {
    const least = experiment === 'similarity' ? 2 : 1;
    if (runIds.length < least)
      return lacking(least === 2 ? 'Choose two runs or more over one model.' : 'Choose a run.');
    return { request: { experiment, name, runIds: [...runIds] }, missing: null };
  }
  if (base === null) return lacking('Choose what it starts from.');
  const { modelDir, settings, calibration, evaluation, backend } = base.request;
  if (experiment === 'fisher') {
    const [text] = evaluation.texts;
    if (!text) return lacking('Choose something with a text that models are measured on.');
    return { request: { experiment, name, modelDir, text: text.file, backend }, missing: null };
  }
  if (calibration === null) return lacking('Choose something with calibration texts.');
  if (evaluation.texts.length + evaluation.tasks.length === 0)
    return lacking('Choose something with texts or tasks that models are measured on.');
  const parts = calibration.preset.parts.length;
  if (experiment === 'mix' && parts < 2) return lacking('This domain has one part only, so there is no mix.');
  const { values, fault } = readPoints(experiment, draft.points, parts);
  if (fault !== null) return lacking('Correct the points.');
  const shared = { experiment, name, modelDir, calibration, evaluation, backend, values };
  const lender = base.runId;
  return {
    request: { ...shared, lender, settings: { ...settings, ...needed(experiment, settings) } },
    missing: null,
  };
}

/** μ is of two criteria alone. */
const needed = (experiment: ExperimentName, { criterion }: Base['request']['settings']) =>
  experiment === 'mu' && criterion !== 'dual' && criterion !== 'balanced'
    ? { criterion: 'dual' as const }
    : {};

export function suggestedName({ experiment, base }: Pick<NewExperiment, 'experiment' | 'base'>): string {
  const title = experimentTitles[experiment];
  return isSweep(experiment) || experiment === 'fisher' ? `${title}: ${base?.name ?? ''}` : title;
}

const lacking = (missing: string): NewRequest => ({ request: null, missing });
