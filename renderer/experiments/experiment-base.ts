import type { RunRequest, RunRequestInput } from '../../src/contract/run-request.ts';
import { pruneSettings } from '../../src/contract/settings.ts';
import { service } from '../bridge/bridge.ts';
import type { Draft } from '../wizard/draft.ts';
import { missingFrom, requestOf, suggestedName } from '../wizard/draft-request.ts';

/** What an experiment starts from: a model with its texts and settings. `run:12`, the demo's, or what the wizard holds. */
export type BaseId = 'demo' | 'draft' | `run:${number}`;

/** What of it an experiment takes over. */
export interface Base {
  readonly name: string;
  readonly modelName: string;
  readonly request: Pick<RunRequest, 'modelDir' | 'settings' | 'calibration' | 'evaluation' | 'backend'>;
  /** The run whose scores may be taken over. */
  readonly runId: number | null;
}

export const runOf = (id: BaseId): number | null => (id.startsWith('run:') ? Number(id.slice(4)) : null);

/** What the wizard holds, if it lacks nothing. */
export function draftBase(draft: Draft): Base | null {
  if (draft.model === null || missingFrom(draft).length > 0) return null;
  // An experiment writes no model, so that it needs no folder for one.
  const request = requestOf({ ...draft, outDir: draft.outDir ?? 'none' });
  const names = { name: draft.name ?? suggestedName(draft), modelName: draft.model.name };
  return request && { ...names, request: complete(request), runId: null };
}

/** @throws Refusal when the run is gone */
export async function fetchBase(id: Exclude<BaseId, 'draft'>): Promise<Base> {
  const runId = runOf(id);
  if (runId === null) {
    const request = await service('runs.demoRequest', {});
    return { name: request.name, modelName: 'Demo model', request, runId: null };
  }
  const { summary, request } = await service('runs.get', { runId });
  return { name: summary.name, modelName: summary.modelName, request, runId };
}

function complete({ modelDir, settings, calibration, evaluation, backend = null }: RunRequestInput) {
  const { texts, window = null, stride = null, maxTokens = null, tasks = [], taskItems = 200 } = evaluation;
  return {
    ...{ modelDir, backend, settings: pruneSettings.parse(settings) },
    calibration: calibration && {
      ...calibration,
      preset: { ...calibration.preset, settings: calibration.preset.settings ?? {} },
      onShortfall: calibration.onShortfall ?? 'proportion',
    },
    evaluation: { texts, window, stride, maxTokens, tasks, taskItems },
  } as Base['request'];
}
