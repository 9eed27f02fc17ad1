import { z } from 'zod';
import { pruneSettings } from './settings.ts';

/** Those that prune a model again and again, each time with one thing changed. */
export const SWEEPS = [
  'sparsity',
  'methods',
  'mu',
  'lambda',
  'calibration-size',
  'mix',
  'open-to-domain',
  'seeds',
] as const;
/** The experiments, in the order in which they are offered. */
export const EXPERIMENTS = [...SWEEPS, 'similarity', 'distributions', 'fisher'] as const;

/** What the experiment `methods` takes, written as `compare` has them; the first five are its usual ones. */
export const METHOD_POINTS = [
  ...(['magnitude', 'wanda', 'sparsegpt', 'd-pruner', 'd-pruner+compensate'] as const),
  ...(['wanda+compensate', 'magnitude+compensate', 'd-pruner:criterion=paper'] as const),
] as const;
export type MethodPoint = (typeof METHOD_POINTS)[number];

export const experimentName = z.enum(EXPERIMENTS);
export type ExperimentName = z.infer<typeof experimentName>;

/** How a column's cells are to be read: a share is a fraction of 1, a figure a number without a unit. */
const column = z.object({
  name: z.string(),
  kind: z.enum(['text', 'count', 'share', 'change', 'figure', 'seconds']),
});
export type ExperimentColumn = z.infer<typeof column>;

const cell = z.union([z.string(), z.number(), z.null()]);
export type ExperimentCell = z.infer<typeof cell>;

export const experimentTable = z.object({
  title: z.string(),
  columns: z.array(column),
  rows: z.array(z.array(cell)),
});
export type ExperimentTable = z.infer<typeof experimentTable>;

const axis = z.object({ label: z.string(), scale: z.enum(['linear', 'log']) });

/** Values over a number; joined by lines, or points alone. */
const linePlot = z.object({
  kind: z.literal('lines'),
  title: z.string(),
  x: axis,
  y: axis,
  joined: z.boolean(),
  series: z.array(
    z.object({ name: z.string(), points: z.array(z.object({ x: z.number(), y: z.number() })) }),
  ),
});
export type LinePlot = z.infer<typeof linePlot>;

/** A value for each row and column; colours run from `low` to `high`. */
const heatMap = z.object({
  kind: z.literal('heat-map'),
  title: z.string(),
  rows: z.array(z.string()),
  columns: z.array(z.string()),
  values: z.array(z.array(z.number().nullable())),
  low: z.number(),
  high: z.number(),
});
export type HeatMap = z.infer<typeof heatMap>;

/** The 5, 25, 50, 75 and 95 % quantiles of something for each category; null where there is none. */
const rangePlot = z.object({
  kind: z.literal('ranges'),
  title: z.string(),
  y: z.object({ label: z.string() }),
  categories: z.array(z.string()),
  series: z.array(
    z.object({
      name: z.string(),
      quantiles: z.array(z.tuple([z.number(), z.number(), z.number(), z.number(), z.number()]).nullable()),
    }),
  ),
});
export type RangePlot = z.infer<typeof rangePlot>;

export const experimentPlot = z.discriminatedUnion('kind', [linePlot, heatMap, rangePlot]);
export type ExperimentPlot = z.infer<typeof experimentPlot>;

const tokenCount = z.object({ sha256: z.string(), samples: z.int(), tokens: z.int() });

/** What an experiment found, with all that its figures depend on; a screen needs nothing else to draw it. */
export const experimentReport = z.object({
  format: z.literal(1),
  experiment: experimentName,
  title: z.string(),
  appVersion: z.string(),
  finishedAt: z.iso.datetime(),
  modelDir: z.string(),
  modelFingerprint: z.string(),
  backend: z.string(),
  /** What the points share; null where no model is pruned. */
  settings: pruneSettings.nullable(),
  texts: z.array(
    z.object({
      name: z.string(),
      file: z.string(),
      sha256: z.string(),
      window: z.int(),
      stride: z.int(),
      maxTokens: z.int().nullable(),
      scoredTokens: z.int(),
    }),
  ),
  /** What models were asked beside the texts, with what their figures depend on. */
  tasks: z
    .array(
      z.object({
        label: z.string(),
        title: z.string(),
        /** Measured, of so many; of perplexity windows. */
        items: z.int(),
        ofItems: z.int(),
        contextLength: z.int(),
        stride: z.int().nullable(),
        seed: z.int(),
        files: z.array(z.object({ path: z.string(), sha256: z.string() })),
      }),
    )
    .default([]),
  /** The token ids that each calibration is of; null where that part was not needed. */
  calibrations: z.array(
    z.object({ name: z.string(), domain: tokenCount.nullable(), open: tokenCount.nullable() }),
  ),
  seconds: z.object({ scoring: z.number(), pruning: z.number(), measuring: z.number() }),
  /** The first is the experiment's own; the others explain it. */
  tables: z.array(experimentTable).min(1),
  plots: z.array(experimentPlot),
  /** What a reader must know to read them, a sentence or two each. */
  remarks: z.array(z.string()),
});
export type ExperimentReport = z.infer<typeof experimentReport>;
