import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { CONTAINERS } from '../../../contract/preset.ts';
import { type PromptTemplate, promptTemplate } from '../../../contract/prompt-template.ts';
import { invalidDefinition, listDefinitions, loadDefinition } from '../../calibration/definition-file.ts';
import { loadPreset } from '../../calibration/preset.ts';

const common = {
  /** What the command line calls it: `--task NAME=FILE`. */
  name: z.string().regex(/^[a-z0-9][a-z0-9_-]*$/, 'use small letters, digits, - and _'),
  title: z.string().min(1),
  description: z.string(),
};

/** A prompt from a file's fields, or the one of a part of a calibration preset. */
const template = z.union([promptTemplate, z.strictObject({ preset: z.string(), part: z.string() })]);

const onItems = {
  ...common,
  /** How its files hold the records; `auto` recognises it. */
  reader: z.enum(['auto', ...CONTAINERS]).default('auto'),
  template,
};

const choiceTask = z.strictObject({
  ...onItems,
  kind: z.literal('choice'),
  /**
   * What may follow the prompt: the texts, in which `{name}` stands for a field; `choices`: each record brings its own;
   * `labels`: all labels of the files.
   */
  options: z.union([z.array(z.string().min(1)).min(2), z.enum(['choices', 'labels'])]),
  /** How one of a record's own choices or of the labels follows the prompt. */
  option: z.string().includes('{option}').default(' {option}'),
  /** The field with the right option. */
  label: z.string().default('label'),
  /** Whether the options mean the same in every record (classes), so that a label may be spelt out. */
  classes: z.boolean(),
  /** What a choice is made by: the log-probability of the option, or its mean over the option's tokens. */
  score: z.enum(['sum', 'mean']),
  /** The figure that stands for the task in an overview. */
  leading: z.enum(['macroF1', 'accuracy']).default('macroF1'),
});

const summaryTask = z.strictObject({
  ...onItems,
  kind: z.literal('summary'),
  maxNewTokens: z.int().positive(),
  /** The summary ends before the first of these. */
  stops: z.array(z.string().min(1)).min(1),
});

const perplexityTask = z.strictObject({ ...common, kind: z.literal('perplexity') });

const taskDefinition = z.discriminatedUnion('kind', [choiceTask, summaryTask, perplexityTask]);

type Resolved<T> = Omit<T, 'template'> & { readonly template: PromptTemplate };
export type ChoiceTask = Resolved<z.infer<typeof choiceTask>>;
export type SummaryTask = Resolved<z.infer<typeof summaryTask>>;
export type PerplexityTask = z.infer<typeof perplexityTask>;
export type TaskDefinition = ChoiceTask | SummaryTask | PerplexityTask;

const TASKS = {
  noun: 'task',
  folder: fileURLToPath(new URL('../../../../resources/tasks/', import.meta.url)),
  shownFolder: 'resources/tasks',
  schema: taskDefinition,
};

/** The names of the tasks that come with the program. */
export const listTasks = (): Promise<string[]> => listDefinitions(TASKS);

/**
 * Loads a task that comes with the program, by its name, or a file of the same form.
 * @throws UserError TASK_MISSING or TASK_INVALID, naming the file and the field, and what loading a preset throws
 */
export async function loadTask(nameOrFile: string): Promise<TaskDefinition> {
  const { definition, path } = await loadDefinition(TASKS, nameOrFile);
  if (definition.kind === 'perplexity') return definition;
  const resolved = { ...definition, template: await resolveTemplate(definition.template, path) };
  if (resolved.kind === 'choice') assertFieldsKnown(resolved, path);
  return resolved;
}

async function resolveTemplate(source: z.infer<typeof template>, path: string): Promise<PromptTemplate> {
  if (!('preset' in source)) return source;
  const { parts } = await loadPreset(source.preset);
  const found = parts.find(({ name }) => name === source.part)?.template;
  if (found) return found;
  throw invalid(path, `template: the preset ${source.preset} has no template for a part "${source.part}"`);
}

function assertFieldsKnown({ label, template: { fields } }: ChoiceTask, path: string): void {
  if (label in fields) return;
  throw invalid(path, `label: the template has no field "${label}"`);
}

const invalid = (path: string, reason: string) => invalidDefinition(TASKS, path, reason);
