import { engine, type Tensor } from '@tensorflow/tfjs-core';
import { UserError } from '../../contract/error.ts';

/** What is used of tfjs' engine, through whose hands every tensor of every backend goes. */
interface TensorAccount {
  trackTensor(tensor: Tensor, backend: unknown): void;
  readonly state: { readonly numBytes: number };
}

interface Watch {
  readonly stage: string;
  readonly budgetBytes: number;
  peakBytes: number;
}

let budgets: ReadonlyMap<string, number> = new Map();
/** Tensors that were there when the budgets were set are somebody else's. */
let before = 0;
let watch: Watch | null = null;
let isWatching = false;

/** From now on no stage may hold more bytes of tensors than this; a stage that is not named may hold what it likes. */
export function setTensorBudgets(bytesOfStages: ReadonlyMap<string, number>): void {
  budgets = bytesOfStages;
  before = account().state.numBytes;
  watch = null; // of a run that was stopped in mid-stage
}

/** Counts the tensors of a stage from here on. */
export function enterStage(stage: string): void {
  watchTensors();
  const budgetBytes = budgets.get(stage) ?? Infinity;
  watch = { stage, budgetBytes, peakBytes: account().state.numBytes - before };
}

/** The most bytes of tensors that the stage held. */
export function leaveStage(): number {
  const peakBytes = watch?.peakBytes ?? 0;
  watch = null;
  return peakBytes;
}

const account = (): TensorAccount => engine() as unknown as TensorAccount;

/** Once: every tensor that is made is looked at when it enters tfjs' books. */
function watchTensors(): void {
  if (isWatching) return;
  isWatching = true;
  const books = account();
  const track = books.trackTensor.bind(books);
  books.trackTensor = (tensor, backend) => {
    track(tensor, backend);
    if (watch) check(watch, books.state.numBytes - before);
  };
}

function check(watched: Watch, bytes: number): void {
  watched.peakBytes = Math.max(watched.peakBytes, bytes);
  if (bytes > watched.budgetBytes) throw overBudget(watched, bytes);
}

const mib = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

const overBudget = ({ stage, budgetBytes }: Watch, bytes: number) =>
  new UserError(
    'MEMORY_BUDGET',
    `The stage “${stage}” may hold ${mib(budgetBytes)} of tensors by the run’s plan, and wanted ${mib(bytes)}.`,
    'Run with shorter samples (--sequence-length, --open-sequence-length), which need less, and report this model’s config.json: the plan was wrong.',
  );
