import type { RunProgress } from '../../src/contract/run-progress.ts';
import type { RunRequest } from '../../src/contract/run-request.ts';
import { countsOutliers, goesLayerByLayer, hasGeneralImportance } from '../../src/contract/settings.ts';

export type Stage = RunProgress['stage'];
export type Step = RunProgress['step'];

/**
 * What a run goes through, in order: its steps, and the stages of the one in which it prunes. The balanced criterion takes both
 * texts up through the layers in its general stage; a run that is resumed after that does so again, for one text at a time.
 * @param here the stage that it is at
 */
export function stepsOf(
  { settings, calibration, evaluation }: RunRequest,
  here?: Stage,
): readonly {
  readonly step: Step;
  readonly stages: readonly Stage[];
}[] {
  const { method, criterion } = settings;
  const isDPruner = method === 'd-pruner';
  const isBalanced = isDPruner && criterion === 'balanced';
  const isGeneral = hasGeneralImportance(settings);
  const hasDomainPass = isDPruner && criterion !== 'general';
  const stages: readonly (readonly [boolean, ...Stage[]])[] = [
    [calibration !== null, 'calibration'],
    [isDPruner && isGeneral, 'general'],
    [isBalanced && here === 'open-forward', 'open-forward'],
    [isBalanced, 'open-backward'],
    [hasDomainPass && (!isBalanced || here === 'forward'), 'forward'],
    [hasDomainPass, 'backward'],
    [countsOutliers(settings), 'outliers'],
    [goesLayerByLayer(settings), 'prune'],
    [true, 'export', 'verify'],
  ];
  const isMeasured = evaluation.texts.length > 0 || evaluation.tasks.length > 0;
  return [
    ...(isMeasured ? [{ step: 'measure-dense', stages: [] } as const] : []),
    { step: 'prune', stages: stages.flatMap(([takesPart, ...names]) => (takesPart ? names : [])) },
    ...(isMeasured ? [{ step: 'measure-pruned', stages: [] } as const] : []),
  ];
}
