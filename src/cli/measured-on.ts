import { type Command, Option } from 'commander';
import type { TaskSource } from '../engine/evaluation/tasks/prepared-task.ts';
import { comparedTexts } from './compare/compared-texts.ts';
import { UsageError } from './failure.ts';
import { collect, countOf } from './option-values.ts';
import { TASK_GRAMMAR, taskList } from './task-list.ts';

/** What several models are measured on, as the person gives it. */
export interface MeasuredOnOptions {
  readonly perplexity?: readonly string[];
  readonly perplexityTokens?: readonly string[];
  readonly tasks?: readonly string[];
  readonly items?: number;
  readonly window?: number;
  readonly stride?: number;
  readonly maxTokens?: number;
}

/** @param ofTasks further options of tasks */
export function addMeasuredOnOptions(command: Command, ofTasks: readonly Option[] = []): void {
  const count = (flags: string, description: string) => new Option(flags, description).argParser(countOf);
  const options = [
    new Option('--perplexity <name=file>', 'text file; may be repeated').argParser<string[]>(collect),
    new Option(
      '--perplexity-tokens <name=file>',
      'JSONL of {"input_ids":[…]}, its lines joined; may be repeated',
    ).argParser<string[]>(collect),
    new Option(
      '--tasks <task=file...>',
      `${TASK_GRAMMAR}: tasks and their files, as for evaluate; may be repeated`,
    ),
    count('--items <n>', 'so many items of each task, drawn by --seed (default: all)'),
    ...ofTasks,
    count('--window <tokens>', 'tokens the model sees at once (default: 2048, or what it can)'),
    count('--stride <tokens>', 'tokens from one window to the next (default: 512, or the window)'),
    count('--max-tokens <n>', 'read no more than so many tokens of each text (default: all)'),
  ];
  for (const option of options) command.addOption(option.helpGroup('Measured on:'));
}

/** The texts and tasks with how they are read. @throws UsageError if there are none */
export function measuredOn(options: MeasuredOnOptions) {
  const texts = comparedTexts(options.perplexity ?? [], options.perplexityTokens ?? []);
  const tasks: readonly TaskSource[] = taskList(options.tasks ?? []);
  if (texts.length + tasks.length === 0) {
    throw new UsageError(
      'Nothing to measure on was given.',
      'Give a text by --perplexity NAME=FILE, token ids by --perplexity-tokens NAME=FILE, or tasks by --tasks TASK=FILE.',
    );
  }
  const { items = null, window = null, stride = null, maxTokens = null } = options;
  return { texts, tasks, items, window, stride, maxTokens };
}
