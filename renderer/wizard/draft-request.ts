import type { Preset } from '../../src/contract/preset.ts';
import type { RunRequestInput } from '../../src/contract/run-request.ts';
import { countsOutliers, goesLayerByLayer, hasGeneralImportance } from '../../src/contract/settings.ts';
import { fileName, formatPercent } from '../words/quantities.ts';
import type { Draft } from './draft.ts';

export type DraftStep = 'model' | 'domain' | 'data' | 'hardware';

/** Whether a run with these settings looks at the domain's samples, and at general text. */
export function needsOf({ settings }: Pick<Draft, 'settings'>): {
  readonly domain: boolean;
  readonly open: boolean;
} {
  const { method, criterion, calibrateOn } = settings;
  const isDPruner = method === 'd-pruner';
  // What sees texts beside D-Pruner's own importances.
  const mixes = goesLayerByLayer(settings) || countsOutliers(settings);
  const isGeneral = hasGeneralImportance(settings);
  return {
    domain: (isDPruner && criterion !== 'general') || (mixes && calibrateOn !== 'open'),
    open: (isDPruner && isGeneral) || (mixes && calibrateOn !== 'domain'),
  };
}

/** Parts of the mix that take part: those with more than nothing. */
export const usedParts = ({ parts, mix }: Pick<Draft, 'parts' | 'mix'>): Draft['parts'] =>
  parts.filter(({ name }) => (mix[name] ?? 0) > 0);

/** What still has to be said before the run can start, by step. */
export function missingFrom(draft: Draft): { readonly step: DraftStep; readonly message: string }[] {
  const missing: { step: DraftStep; message: string }[] = [];
  const { domain, open } = needsOf(draft);
  if (draft.model === null) missing.push({ step: 'model', message: 'Choose a model.' });
  if (domain && draft.parts.length === 0) missing.push({ step: 'domain', message: 'Choose a domain.' });
  for (const { name, title } of domain ? usedParts(draft) : []) {
    if ((draft.data[name] ?? []).length === 0)
      missing.push({ step: 'data', message: `Choose files for ${title}.` });
  }
  if (open && draft.openFiles.length === 0) missing.push({ step: 'data', message: 'Choose general text.' });
  return missing;
}

export const suggestedName = ({ model, title, settings }: Draft): string =>
  [model?.name, title || null, formatPercent(settings.sparsity)].filter((part) => part).join(' · ');

/** Beside the model, or below `folder`; the time makes it a folder that is not there yet. */
export function suggestedOutDir(
  { model, presetName, settings }: Draft,
  folder: string | null,
  now: Date,
): string {
  const modelDir = (model?.dir ?? '').replace(/[\\/]+$/, '');
  const separator = (folder ?? modelDir).includes('\\') ? '\\' : '/';
  const parent = folder ?? modelDir.slice(0, Math.max(0, modelDir.lastIndexOf(separator)));
  const time = now.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  const percent = Math.round(100 * settings.sparsity);
  const name = `${fileName(model?.name ?? 'model')}-${presetName}-${percent}-${time}`.replace(
    /[^\p{L}\p{N}._-]+/gu,
    '-',
  );
  return `${parent}${separator}${name}`;
}

/** The preset as the draft's sliders have it. */
export function presetOf({ presetName, title, description, parts, mix, settings }: Draft): Preset {
  const { sparsity, criterion, mu, lambda, alpha, samples, sequenceLength, openSamples, openSequenceLength } =
    settings;
  return {
    name: presetName,
    title,
    description,
    parts: usedParts({ parts, mix }).map((part) => ({ ...part, share: (mix[part.name] ?? 0) / 100 })),
    settings: {
      sparsity,
      criterion,
      mu,
      lambda,
      alpha,
      samples,
      sequenceLength,
      openSamples,
      openSequenceLength,
    },
  };
}

/** The request that starts the draft's run; null while something is missing. */
export function requestOf(draft: Draft): RunRequestInput | null {
  const { model, outDir, name } = draft;
  if (model === null || outDir === null || missingFrom(draft).length > 0) return null;
  const { domain, open } = needsOf(draft);
  const preset = presetOf(draft);
  return {
    name: name?.trim() || suggestedName(draft),
    modelDir: model.dir,
    outDir,
    settings: draft.settings,
    calibration:
      (domain || open) && preset.parts.length > 0
        ? {
            preset,
            data: Object.fromEntries(
              preset.parts.map((part) => [part.name, domain ? (draft.data[part.name] ?? []) : []]),
            ),
            openFiles: open ? draft.openFiles : [],
            onShortfall: draft.onShortfall,
          }
        : null,
    evaluation: {
      texts: draft.texts,
      window: draft.window,
      stride: draft.stride,
      maxTokens: draft.maxTokens,
      tasks: draft.tasks,
      taskItems: draft.taskItems,
    },
    backend: draft.backend,
  };
}
