import { UserError } from '../../../contract/error.ts';
import type { Checkpoint } from '../../checkpoint/checkpoint.ts';
import { openTokenizer, type Tokenizer } from '../../tokenizer/open-tokenizer.ts';
import { contextLengthOf, readEvaluatedText } from '../evaluated-text.ts';
import { drawItems } from './draw-items.ts';
import { idsThatStop } from './generated-summaries.ts';
import { hashFiles, type PreparedTask, type TaskOptions, type TaskSource } from './prepared-task.ts';
import { readChoiceItems } from './read-choice-items.ts';
import { readSummaryItems } from './read-summary-items.ts';
import { type ChoiceTask, loadTask, type PerplexityTask, type SummaryTask } from './task-definition.ts';
import type { ChoiceItem } from './task-items.ts';
import { cutStem, type TokenizedChoice, tokenizeChoice } from './tokenized-choices.ts';

/**
 * Reads a task's items, draws those that are asked for and tokenizes them for a model. Equal files, options and tokenizer
 * give equal items, whatever the weights.
 * @throws UserError TASK_MISSING, TASK_INVALID, TASK_TAKES_ONE_FILE, ITEM_TOO_LONG, and what reading files and texts throws
 */
export async function prepareTask(
  checkpoint: Checkpoint,
  source: TaskSource,
  options: TaskOptions,
): Promise<PreparedTask> {
  const definition = await loadTask(source.task);
  switch (definition.kind) {
    case 'choice':
      return prepareChoices(definition, checkpoint, source, options);
    case 'summary':
      return prepareSummaries(limited(definition, options), checkpoint, source, options);
    case 'perplexity':
      return preparePerplexity(definition, checkpoint, source, options);
  }
}

async function prepareChoices(
  definition: ChoiceTask,
  checkpoint: Checkpoint,
  source: TaskSource,
  options: TaskOptions,
): Promise<PreparedTask> {
  const read = () => readChoiceItems(definition, source.files);
  const { items, tokenizer, common } = await drawItemsOf(read, definition.name, checkpoint, source, options);
  const { contextLength } = common;
  const whole = items.map((item) => tokenizeChoice(tokenizer, item));
  const tokens = whole.map((choice, i) => fitChoice(choice, contextLength, tokenizer, items[i]));
  const lengths = tokens.flatMap(({ options: texts }) => texts.map(({ length }) => length));
  const facts = {
    ...common,
    definition,
    scoredTokens: lengths.reduce((total, length) => total + length, 0),
    truncated: tokens.filter(({ stem }, i) => stem.length < whole[i].stem.length).length,
  };
  return { facts, content: { kind: 'choice', items, tokens } };
}

const limited = (definition: SummaryTask, { maxNewTokens }: TaskOptions): SummaryTask => ({
  ...definition,
  maxNewTokens: maxNewTokens ?? definition.maxNewTokens,
});

async function prepareSummaries(
  definition: SummaryTask,
  checkpoint: Checkpoint,
  source: TaskSource,
  options: TaskOptions,
): Promise<PreparedTask> {
  const read = () => readSummaryItems(definition, source.files);
  const { items, tokenizer, common } = await drawItemsOf(read, definition.name, checkpoint, source, options);
  const { contextLength } = common;
  const { maxNewTokens, stops } = definition;
  const room = contextLength - maxNewTokens;
  if (room < 1) throw noRoom(contextLength, maxNewTokens);
  const whole = items.map(({ prompt }) => tokenizer.encode(prompt));
  const prompts = whole.map((ids) => cutStem(ids, room, tokenizer.bosTokenId));
  const references = items.map(({ reference }) => reference);
  const facts = {
    ...common,
    definition,
    scoredTokens: null,
    truncated: prompts.filter(({ length }, i) => length < whole[i].length).length,
  };
  const stopIds = idsThatStop(tokenizer, stops);
  const summaries = { prompts, references, tokenizer, stops, stopIds, maxNewTokens };
  return { facts, content: { kind: 'summary', summaries } };
}

async function preparePerplexity(
  definition: PerplexityTask,
  checkpoint: Checkpoint,
  { label, files }: TaskSource,
  options: TaskOptions,
): Promise<PreparedTask> {
  const [file, second] = files;
  if (file === undefined || second !== undefined) throw oneFile(label ?? definition.name);
  const text = await readEvaluatedText(checkpoint, { kind: 'text', file }, options);
  const { windows, sha256, window, stride, maxTokens } = text;
  const facts = {
    ...factsOf(definition.name, label, options, window),
    ...{ definition, stride, maxTokens, truncated: 0 },
    files: [{ path: file, sha256 }],
    items: windows.length,
    ofItems: windows.length,
    scoredTokens: windows.reduce((total, { scored }) => total + scored, 0),
  };
  return { facts, content: { kind: 'perplexity', windows } };
}

/** The items that are asked for, and what is common to the facts of all tasks that have items. */
async function drawItemsOf<Item>(
  read: () => Promise<readonly Item[]>,
  name: string,
  checkpoint: Checkpoint,
  { label, files }: TaskSource,
  options: TaskOptions,
) {
  const contextLength = contextLengthOf(checkpoint, options.window);
  const all = await read();
  const items = drawItems(all, options.items, options.seed, name);
  const tokenizer = await openTokenizer(checkpoint.dir);
  const counts = { items: items.length, ofItems: all.length };
  const common = {
    ...factsOf(name, label, options, contextLength),
    ...counts,
    files: await hashFiles(files),
  };
  return { items, tokenizer, common };
}

const factsOf = (name: string, label: string | null, { seed }: TaskOptions, contextLength: number) => ({
  label: label ?? name,
  seed,
  contextLength,
  stride: null,
  maxTokens: null,
});

function fitChoice(
  { stem, options }: TokenizedChoice,
  contextLength: number,
  { bosTokenId }: Tokenizer,
  { from }: ChoiceItem,
): TokenizedChoice {
  const longest = Math.max(...options.map(({ length }) => length));
  if (stem.length === 0) throw noStem(from);
  if (longest >= contextLength) throw tooLong(from, longest, contextLength);
  return { stem: cutStem(stem, contextLength - longest, bosTokenId), options };
}

const tooLong = (from: string, tokens: number, contextLength: number) =>
  new UserError(
    'ITEM_TOO_LONG',
    `${from}: an option has ${tokens} tokens; with the prompt they must fit into a context of ${contextLength}.`,
    'Give a larger --window, or shorten or remove this record.',
  );

const noStem = (from: string) =>
  new UserError(
    'ITEM_TOO_LONG',
    `${from}: the model's tokenizer joins the whole prompt with the options, so that nothing stands before them.`,
    'Give this record a longer prompt, or remove it.',
  );

const noRoom = (contextLength: number, maxNewTokens: number) =>
  new UserError(
    'WINDOW_TOO_SHORT',
    `A context of ${contextLength} tokens has no room for a prompt and ${maxNewTokens} new tokens.`,
    `Give --window ${2 * maxNewTokens} or more, or fewer --max-new-tokens.`,
  );

const oneFile = (label: string) =>
  new UserError(
    'TASK_TAKES_ONE_FILE',
    `The task ${label} takes one text file.`,
    'Give each text a name of its own: perplexity:legal=legal.txt perplexity:open=open.txt.',
  );
