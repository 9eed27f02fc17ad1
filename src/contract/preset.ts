import { z } from 'zod';
import { promptTemplate } from './prompt-template.ts';
import { pruneSettings } from './settings.ts';

/** How a data file holds its records. */
export const CONTAINERS = ['jsonl', 'json', 'csv', 'xlsx', 'text'] as const;

export const presetPart = z.strictObject({
  /** What the command line calls it: `--data NAME=FILE`. */
  name: z.string().regex(/^[a-z0-9][a-z0-9_-]*$/, 'use small letters, digits, - and _'),
  title: z.string().min(1),
  /** Fraction of the samples. */
  share: z.number().positive().max(1),
  /** How its files hold the records; `auto` recognises it. */
  reader: z.enum(['auto', ...CONTAINERS]).default('auto'),
  /** How the dataset's own fields become a prompt and a completion; null where files come with ready texts. */
  template: promptTemplate.nullable().default(null),
});
export type PresetPart = z.infer<typeof presetPart>;

const shape = pruneSettings.shape;
const presetSettings = z
  .strictObject({
    sparsity: shape.sparsity.unwrap(),
    criterion: shape.criterion.unwrap(),
    mu: shape.mu.unwrap(),
    lambda: shape.lambda.unwrap(),
    alpha: shape.alpha.unwrap(),
    samples: shape.samples.unwrap(),
    sequenceLength: shape.sequenceLength.unwrap(),
    openSamples: shape.openSamples.unwrap(),
    openSequenceLength: shape.openSequenceLength.unwrap(),
  })
  .partial();

export const preset = z
  .strictObject({
    name: z.string().min(1),
    title: z.string().min(1),
    description: z.string(),
    parts: z.array(presetPart).min(1),
    /** Where they differ from the program's defaults. */
    settings: presetSettings.default({}),
  })
  .superRefine(({ parts }, context) => {
    const sum = parts.reduce((total, { share }) => total + share, 0);
    if (Math.abs(sum - 1) > 1e-6) {
      context.addIssue({ code: 'custom', path: ['parts'], message: `the shares add up to ${sum}, not 1` });
    }
    if (new Set(parts.map(({ name }) => name)).size < parts.length) {
      context.addIssue({ code: 'custom', path: ['parts'], message: 'two parts have the same name' });
    }
  });
/** A domain's calibration mix and the settings that go with it. */
export type Preset = z.infer<typeof preset>;

/** A preset as the application lists it. */
export const presetEntry = z.object({
  /** `builtin:legal`, or `custom:` and a number. */
  id: z.string(),
  kind: z.enum(['builtin', 'custom', 'demo']),
  preset,
});
export type PresetEntry = z.infer<typeof presetEntry>;
