import { z } from 'zod';
import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import type { Preset } from '../../src/contract/preset.ts';
import { presetPart } from '../../src/contract/preset.ts';
import { BACKEND_NAMES, evaluationText, type RunRequest } from '../../src/contract/run-request.ts';
import { pruneSettings } from '../../src/contract/settings.ts';
import { evaluationTask } from '../../src/contract/task.ts';
import { mixOfShares } from './mix.ts';

const files = z.array(z.string());

/** A run as it is being put together in the wizard; saved after each change, so that nothing is lost with the window. */
const draftSchema = z.object({
  model: z.object({ id: z.string().nullable(), dir: z.string(), name: z.string() }).nullable(),
  presetId: z.string().nullable(),
  presetName: z.string(),
  title: z.string(),
  description: z.string(),
  parts: z.array(presetPart.omit({ share: true })),
  /** Percent of each part; together 100. */
  mix: z.record(z.string(), z.number()),
  settings: pruneSettings,
  data: z.record(z.string(), files),
  openFiles: files,
  onShortfall: z.enum(['proportion', 'refuse', 'available']),
  texts: z.array(evaluationText),
  window: z.number().nullable(),
  stride: z.number().nullable(),
  maxTokens: z.number().nullable(),
  tasks: z.array(evaluationTask),
  /** null: all. */
  taskItems: z.number().nullable(),
  /** null: the name and folder that are suggested. */
  name: z.string().nullable(),
  outDir: z.string().nullable(),
  backend: z.enum(BACKEND_NAMES).nullable(),
  /** The run that was started from it. */
  runId: z.number().nullable(),
});
export type Draft = z.infer<typeof draftSchema>;

const emptyDraft: Draft = {
  model: null,
  presetId: null,
  presetName: 'custom',
  title: '',
  description: '',
  parts: [],
  mix: {},
  settings: pruneSettings.parse({}),
  data: {},
  openFiles: [],
  onShortfall: 'proportion',
  texts: [],
  window: null,
  stride: null,
  maxTokens: null,
  tasks: [],
  taskItems: 200,
  name: null,
  outDir: null,
  backend: null,
  runId: null,
};

export const useDraft = create<Draft>()(
  persist<Draft>(() => emptyDraft, {
    name: 'draft',
    // What an older version saved is taken only if it still makes sense.
    merge: (saved, fresh) => draftSchema.safeParse(saved).data ?? fresh,
  }),
);

/**
 * A change makes a run of its own: it no longer stands for the one that was started, and takes neither its name nor its
 * folder, which is there by now.
 */
export function changeDraft(change: Partial<Draft>): void {
  useDraft.setState(({ runId }) => ({
    ...(runId !== null && { name: null, outDir: null }),
    runId: null,
    ...change,
  }));
}

export const changeSettings = (change: Partial<Draft['settings']>): void =>
  changeDraft({ settings: { ...useDraft.getState().settings, ...change } });

export function startAnew(): void {
  useDraft.setState(emptyDraft);
}

/** Takes over a preset's mix and settings; files of parts that both have stay. */
export function takePreset(
  presetId: string | null,
  { name, title, description, parts, settings }: Preset,
): void {
  const { data } = useDraft.getState();
  changeDraft({
    presetId,
    presetName: name,
    title,
    description,
    parts: parts.map(({ share: _, ...part }) => part),
    mix: mixOfShares(parts),
    settings: pruneSettings.parse(withoutUndefined(settings)),
    data: Object.fromEntries(parts.map((part) => [part.name, data[part.name] ?? []])),
    name: null,
    outDir: null,
  });
}

/** A run's request as a draft, to be changed and run again. */
export function takeRequest(
  request: RunRequest,
  model: { readonly id: string | null; readonly name: string },
): void {
  const { calibration, evaluation } = request;
  useDraft.setState({
    ...emptyDraft,
    model: { ...model, dir: request.modelDir },
    settings: request.settings,
    texts: evaluation.texts,
    window: evaluation.window,
    stride: evaluation.stride,
    maxTokens: evaluation.maxTokens,
    tasks: evaluation.tasks,
    taskItems: evaluation.taskItems,
    backend: request.backend,
    ...(calibration && {
      presetName: calibration.preset.name,
      title: calibration.preset.title,
      description: calibration.preset.description,
      parts: calibration.preset.parts.map(({ share: _, ...part }) => part),
      mix: mixOfShares(calibration.preset.parts),
      data: calibration.data,
      openFiles: calibration.openFiles,
      onShortfall: calibration.onShortfall,
    }),
  });
}

function withoutUndefined(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
