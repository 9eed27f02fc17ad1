import { z } from 'zod';

/** Where a field of a template comes from and how it is tidied. */
const fieldRule = z.strictObject({
  /** The names it may have in a file, best first, or its position counted from 0; the field's own name if absent. */
  columns: z
    .array(z.union([z.string(), z.int().min(0)]))
    .min(1)
    .optional(),
  /** Put between the pieces where the file holds a list. */
  join: z.string().default(' '),
  /** Every run of white space becomes one blank. */
  collapseWhitespace: z.boolean().default(false),
  /** A longer text is cut after the last whole word that fits. */
  maxCharacters: z.int().positive().optional(),
});
export type FieldRule = z.infer<typeof fieldRule>;

/** `{name}` in a template's texts. */
export const PLACEHOLDER = /\{([A-Za-z_]\w*)\}/g;

/** `{name}` in `prompt` and `completion` stands for a field, or for what a lookup says of a field's value. */
export const promptTemplate = z
  .strictObject({
    prompt: z.string(),
    completion: z.string(),
    fields: z.record(z.string(), fieldRule),
    lookups: z
      .record(z.string(), z.strictObject({ field: z.string(), values: z.record(z.string(), z.string()) }))
      .default({}),
  })
  .superRefine(({ prompt, completion, fields, lookups }, context) => {
    for (const [, name = ''] of `${prompt}${completion}`.matchAll(PLACEHOLDER)) {
      if (!(name in fields || name in lookups)) {
        context.addIssue({ code: 'custom', message: `{${name}} is neither a field nor a lookup` });
      }
    }
    for (const [name, { field }] of Object.entries(lookups)) {
      if (!(field in fields)) {
        context.addIssue({ code: 'custom', message: `the lookup ${name} uses the unknown field ${field}` });
      }
    }
  });
export type PromptTemplate = z.infer<typeof promptTemplate>;
