import type { Stage } from '../../contract/progress.ts';
import type { PruneSettings } from '../../contract/settings.ts';
import type { ModelConfig } from '../checkpoint/config.ts';
import type { Needs } from '../run/needs.ts';
import { ACTIVATION_BYTES, type ActivationFormat } from '../streaming/activation-format.ts';
import { planOf } from '../streaming/plan.ts';
import type { ModelSizes } from './model-sizes.ts';
import { type Share, totalBytes } from './share.ts';
import type { TextSize, TextSizes } from './token-counts.ts';

export const FLOAT = 4;
export const DOUBLE = 8;
export const CODE = 2;
export const MIB = 2 ** 20;

/** What a stage holds at its peak, on the device and beside it; where the device is the processor they are one memory. */
export interface StageMemory {
  readonly stage: Stage;
  readonly device: readonly Share[];
  readonly host: readonly Share[];
  /** The allocator has just given back what it kept (see `giveMemoryBackBefore`). */
  readonly isTidied?: boolean;
}

/** A stage as it is planned. */
export interface PlannedStage extends Omit<StageMemory, 'isTidied'> {
  /** What it may hold beside the program and what the allocator keeps: the budget of its tensors. */
  readonly budgetBytes: number;
}

export interface MemoryQuestion {
  readonly config: ModelConfig;
  readonly settings: PruneSettings;
  readonly texts: TextSizes;
  /** How boundaries are kept on the way back, and on the way forward. */
  readonly formats: { readonly backward: ActivationFormat; readonly forward: ActivationFormat };
  /** Resident memory of a process that has loaded the backend, measured. */
  readonly programBytes: number;
  /** Whether the backend composes attention, norms and the like of its own operations, which leave temporaries. */
  readonly isComposed: boolean;
}

/** A question with what follows from it. */
export interface Context extends MemoryQuestion {
  readonly needs: Needs;
  readonly sizes: ModelSizes;
  /** Bytes of the layer that is on the device. */
  readonly layer: Share;
}

/** The stage with the highest peak where the device's memory and the machine's are one. */
export const highest = <T extends StageMemory>(
  stages: readonly T[],
  beside: (stage: T) => number = () => 0,
): T => {
  const peak = (stage: T) => totalBytes(stage.device) + totalBytes(stage.host) + beside(stage);
  return stages.reduce((most, stage) => (peak(stage) > peak(most) ? stage : most));
};

/** The same before it is said what the allocator keeps. */
export const highestOf = ({ layer }: Context, stages: readonly StageMemory[]): StageMemory =>
  highest(stages, (stage) => keptBytes(layer, stage));

/** What the system's allocator holds back of freed arrays, as a share of a layer; fitted to docs/results/scale.md. */
const KEPT_OF_A_LAYER = 0.3;

export const keptBytes = (layer: Share, { isTidied }: StageMemory): number =>
  isTidied ? 0 : KEPT_OF_A_LAYER * layer.bytes;

/** Tokens of the largest micro-batch: whole samples are packed. */
export function packTokens(config: ModelConfig, { longest, tokens }: TextSize): number {
  const most = planOf(config).packTokens;
  if (longest === 0 || longest >= most) return longest;
  return Math.min(tokens, Math.floor(most / longest) * longest);
}

export function boundaries(
  { config, texts }: Context,
  text: TextSize,
  format: ActivationFormat,
  slots: number,
): Share {
  const bytes = slots * text.tokens * config.hiddenSize * ACTIVATION_BYTES[format];
  const ids = 2 * FLOAT * (texts.domain.tokens + texts.open.tokens);
  return {
    name: 'Activations between layers',
    bytes: Math.min(planOf(config).activationMemoryBytes, bytes) + ids,
  };
}

/** Composed operations hold their operands beside their results. */
export const microBatch = ({ isComposed }: Context, bytes: number): Share => ({
  name: 'A micro-batch',
  bytes: isComposed ? 2 * bytes : bytes,
});

/** Rotary tables of the packs, and scores of one block of queries. */
export function attention({ config }: Context, text: TextSize): number {
  const tables = Math.min(64 * MIB, text.tokens * config.headDim * FLOAT);
  const scores = 2 * FLOAT * config.numAttentionHeads * Math.min(256, text.longest) * text.longest;
  return tables + scores;
}

/** Block rows of a large Gram matrix. */
export const SPLIT = 4;

/** A Gram matrix's numbers: where it is composed, of a large one only the block rows from the diagonal on. */
export const gramNumbers = ({ isComposed }: Context, inputs: number): number =>
  isComposed && inputs >= 1024 ? (inputs ** 2 * (SPLIT + 1)) / (2 * SPLIT) : inputs ** 2;

/** What our own products of matrices are made of: 16 MiB of columns, and rows for each core. */
export const packing = ({ isComposed }: Context): Share[] =>
  isComposed ? [] : [{ name: 'Operands laid out for products', bytes: 24 * MIB }];

export const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, number) => total + number, 0);
