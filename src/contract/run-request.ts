import { z } from 'zod';
import { preset } from './preset.ts';
import { pruneSettings } from './settings.ts';
import { evaluationTask } from './task.ts';

const path = z.string().min(1);

/** A text that the dense and the pruned model are measured on. */
export const evaluationText = z.strictObject({
  /** As tables and plots call it. */
  name: z.string().min(1),
  role: z.enum(['domain', 'general']),
  file: path,
});

export const evaluationRequest = z.strictObject({
  texts: z.array(evaluationText),
  /** Tokens; null: 2048 and 512, or what the model can. */
  window: z.int().min(2).nullable().default(null),
  stride: z.int().positive().nullable().default(null),
  /** Only so many tokens from the start of each text; null: all. */
  maxTokens: z.int().min(2).nullable().default(null),
  tasks: z.array(evaluationTask).default([]),
  /** So many items of each task, drawn by the seed; null: all. */
  taskItems: z.int().positive().nullable().default(200),
});

export const calibrationRequest = z.strictObject({
  preset,
  /** Files of each part of the preset by its name; an empty list leaves the part out. */
  data: z.record(z.string(), z.array(path)),
  openFiles: z.array(path),
  onShortfall: z.enum(['proportion', 'refuse', 'available']).default('proportion'),
});

export const BACKEND_NAMES = ['tensorflow', 'webgpu', 'wasm', 'cpu'] as const;

/** Everything that a run is started with, and kept with it: the same request gives the same bytes. */
export const runRequest = z.strictObject({
  /** As the history lists it; need not be unique. */
  name: z.string().min(1).max(200),
  modelDir: path,
  /** Where the pruned model goes: a folder that is not there yet. */
  outDir: path,
  settings: pruneSettings,
  /** null for a method that needs none (magnitude). */
  calibration: calibrationRequest.nullable(),
  evaluation: evaluationRequest,
  /** null: the best that works. A slower one is used in its place only if it is named here. */
  backend: z.enum(BACKEND_NAMES).nullable().default(null),
});
export type RunRequest = z.infer<typeof runRequest>;
export type RunRequestInput = z.input<typeof runRequest>;
