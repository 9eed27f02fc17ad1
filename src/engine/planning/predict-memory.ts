import type { Stage } from '../../contract/progress.ts';
import type { PruneSettings } from '../../contract/settings.ts';
import type { ModelConfig } from '../checkpoint/config.ts';
import { type Needs, needsOf } from '../run/needs.ts';
import { ACTIVATION_BYTES, type ActivationFormat } from '../streaming/activation-format.ts';
import { planOf } from '../streaming/plan.ts';
import { type ModelSizes, sizesOf } from './model-sizes.ts';
import { type Share, totalBytes } from './share.ts';
import { type TextSize, type TextSizes, together } from './token-counts.ts';

const FLOAT = 4;
const DOUBLE = 8;
const CODE = 2;
const MIB = 2 ** 20;

/** What a stage holds at its peak, on the device and beside it; where the device is the processor they are one memory. */
export interface StageMemory {
  readonly stage: Stage;
  readonly device: readonly Share[];
  readonly host: readonly Share[];
}

export interface MemoryQuestion {
  readonly config: ModelConfig;
  readonly settings: PruneSettings;
  readonly texts: TextSizes;
  /** How boundaries are kept on the way back, and on the way forward. */
  readonly formats: { readonly backward: ActivationFormat; readonly forward: ActivationFormat };
  /** Resident memory of a process that has loaded the backend, measured. */
  readonly programBytes: number;
}

interface Context extends MemoryQuestion {
  readonly needs: Needs;
  readonly sizes: ModelSizes;
  /** Bytes of the layer that is on the device. */
  readonly layer: Share;
}

/** The stages of a run, each with the parts of its own peak. */
export function predictMemory(question: MemoryQuestion): StageMemory[] {
  const sizes = sizesOf(question.config);
  const needs = needsOf(question.settings, false);
  const layer = { name: 'One decoder layer in float32', bytes: FLOAT * sizes.layerWeights };
  const context = { ...question, sizes, needs, layer };
  const { domain, open, mix } = question.texts;
  return [
    ...(needs.general ? general(context, needs.mixed ? together(open, domain) : open) : []),
    ...(needs.mixed ? throughGradients(context, open, 'open-forward', 'open-backward', 1) : []),
    ...(needs.statistics.length > 0
      ? throughGradients(context, domain, 'forward', 'backward', needs.statistics.length)
      : []),
    ...(needs.layerwise ? [layerwise(context, mix)] : []),
    verification(context),
  ].map((stage) => withProgram(stage, question.programBytes, KEPT_OF_A_LAYER * layer.bytes));
}

/** The stage with the highest peak where the device's memory and the machine's are one. */
export const highest = (stages: readonly StageMemory[]): StageMemory =>
  stages.reduce((most, stage) => (stageBytes(stage) > stageBytes(most) ? stage : most));

export const stageBytes = ({ device, host }: StageMemory): number => totalBytes(device) + totalBytes(host);

/** Rows of a gradient that are there at once (see `GradientStatistics`). */
const GRADIENT_BYTES = 64 * MIB;

/** Arrays that nobody refers to any more, until they are looked for (see `makeRoomFor`). */
const GARBAGE: Share = { name: 'Memory not reclaimed yet', bytes: 256 * MIB };

/** What the system's allocator holds back of arrays that were freed, as a share of a layer; fitted to docs/results/scale.md. */
const KEPT_OF_A_LAYER = 1.2;

function withProgram(
  { stage, device, host }: StageMemory,
  programBytes: number,
  keptBytes: number,
): StageMemory {
  const program = { name: 'Program and tensor library', bytes: programBytes };
  const needed = totalBytes(device) + totalBytes(host);
  const garbage = { ...GARBAGE, bytes: Math.min(GARBAGE.bytes, 0.5 * needed) };
  return {
    stage,
    device,
    host: [program, ...host, garbage, { name: 'Kept by the allocator for reuse', bytes: keptBytes }],
  };
}

/** Tokens of the largest micro-batch: whole samples are packed. */
export function packTokens(config: ModelConfig, { longest, tokens }: TextSize): number {
  const most = planOf(config).packTokens;
  if (longest === 0 || longest >= most) return longest;
  return Math.min(tokens, Math.floor(most / longest) * longest);
}

function boundaries(
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

/** Rotary tables of the packs, and scores of one block of queries. */
function attention({ config }: Context, text: TextSize): number {
  const tables = Math.min(64 * MIB, text.tokens * config.headDim * FLOAT);
  const scores = 2 * FLOAT * config.numAttentionHeads * Math.min(256, text.longest) * text.longest;
  return tables + scores;
}

const SPLIT = 4;

function general(context: Context, text: TextSize): StageMemory[] {
  const { config, sizes, layer, formats } = context;
  const pack = packTokens(config, text);
  const grams = sizes.groups.map(({ inputs }) => FLOAT * gramNumbers(inputs));
  const kept = boundaries(context, text, formats.forward, 1);
  const widest = Math.max(...sizes.groups.map(({ inputs }) => inputs));
  const centred = FLOAT * (2 * pack * widest + widest * Math.ceil(widest / SPLIT));
  const accumulate: StageMemory = {
    stage: 'general',
    device: [
      layer,
      { name: 'Sums for the Hessians', bytes: sum(grams) },
      {
        name: 'A micro-batch',
        bytes: pack * sizes.forwardBytesPerToken + centred + attention(context, text),
      },
    ],
    host: [kept],
  };
  let codes = 0;
  const invert = sizes.groups.map(({ inputs, weights }, i): StageMemory => {
    const later = sum(grams.slice(i + 1));
    const matrix = FLOAT * inputs ** 2;
    const inversion = Math.max(2 * matrix + grams[i] / SPLIT, matrix + (DOUBLE * inputs ** 2) / 2);
    const scores = FLOAT * (weights + Math.min(weights, sizes.largestLinear));
    const before = codes;
    codes += CODE * weights;
    const isInversion = inversion > scores;
    return {
      stage: 'general',
      device: [
        layer,
        { name: 'Sums for the Hessians', bytes: later },
        isInversion
          ? { name: 'A Hessian and its inverse', bytes: inversion }
          : { name: 'Scores of a group', bytes: scores },
      ],
      host: [kept, { name: 'Codes of a layer', bytes: before + (isInversion ? 0 : CODE * weights) }],
    };
  });
  return [highest([accumulate, ...invert])];
}

/** A Gram matrix's numbers: of a large one only the block rows from the diagonal on. */
const gramNumbers = (inputs: number): number =>
  inputs < 1024 ? inputs ** 2 : (inputs ** 2 * (SPLIT + 1)) / (2 * SPLIT);

function throughGradients(
  context: Context,
  text: TextSize,
  forwardStage: Stage,
  backwardStage: Stage,
  statistics: number,
): StageMemory[] {
  const { config, sizes, layer, formats, needs } = context;
  const pack = packTokens(config, text);
  const kept = boundaries(context, text, formats.backward, config.numHiddenLayers + 1);
  const forward: StageMemory = {
    stage: forwardStage,
    device: [
      layer,
      { name: 'A micro-batch', bytes: pack * sizes.forwardBytesPerToken + attention(context, text) },
    ],
    host: [kept],
  };
  const head: StageMemory = {
    stage: forwardStage,
    device: [
      { name: 'Output head', bytes: FLOAT * sizes.headWeights },
      { name: 'Logits of some tokens', bytes: 4 * 32 * MIB },
    ],
    host: [kept, { name: 'The head as it is read', bytes: (FLOAT + 2) * sizes.headWeights }],
  };
  const sums = FLOAT * statistics * sizes.layerWeights;
  const largest = Math.max(...sizes.groups.map(({ weights }) => weights));
  const accumulate: StageMemory = {
    stage: backwardStage,
    device: [
      layer,
      { name: 'Sums over the gradients', bytes: sums },
      { name: 'A gradient', bytes: Math.min(GRADIENT_BYTES, FLOAT * largest) * (statistics > 1 ? 2 : 1) },
      {
        name: 'A micro-batch',
        bytes:
          pack * sizes.backwardBytesPerToken +
          attention(context, text) +
          Math.min(64 * MIB, probabilities(context, text, pack)),
      },
    ],
    host: [kept],
  };
  let done = 0;
  const store = sizes.groups.map(({ weights }): StageMemory => {
    done += weights;
    const linear = Math.min(weights, sizes.largestLinear);
    const blended = needs.mixed && backwardStage === 'backward' ? 3 * FLOAT + 2 * CODE : CODE;
    return {
      stage: backwardStage,
      device: [
        layer,
        { name: 'Sums over the gradients', bytes: FLOAT * statistics * (sizes.layerWeights - done) },
      ],
      host: [
        kept,
        { name: 'Scores of a group', bytes: FLOAT * (statistics * weights + linear) + blended * linear },
        { name: 'Codes of a layer', bytes: CODE * done },
        ...(needs.exact
          ? [{ name: 'Float32 scores of a layer', bytes: FLOAT * statistics * (done - weights) }]
          : []),
      ],
    };
  });
  return [highest([forward, head]), highest([accumulate, ...store])];
}

const probabilities = ({ config }: Context, { longest }: TextSize, pack: number): number =>
  FLOAT * config.numAttentionHeads * longest * pack;

function layerwise(context: Context, text: TextSize): StageMemory {
  const { config, sizes, layer, formats, settings } = context;
  const pack = packTokens(config, text);
  const updates = settings.compensate || settings.method === 'sparsegpt';
  const kept = boundaries(context, text, formats.forward, 1);
  const batch = {
    name: 'A micro-batch',
    bytes: pack * sizes.forwardBytesPerToken + attention(context, text),
  };
  const grams = updates
    ? sizes.groups.map(({ inputs }) => FLOAT * gramNumbers(inputs))
    : sizes.groups.map(() => 0);
  const gather: StageMemory = {
    stage: 'prune',
    device: [layer, { name: 'Sums for the Hessians', bytes: sum(grams) }, batch],
    host: [kept],
  };
  let done = 0;
  const steps = sizes.groups.map(({ inputs, weights }, i): StageMemory => {
    const before = done;
    done += weights;
    const pruned = before * ((updates ? FLOAT : 0) + 1 / 8);
    const later = { name: 'Sums for the Hessians', bytes: sum(grams.slice(i + 1)) };
    const inverse = updates ? (2 * FLOAT + DOUBLE / 2) * inputs ** 2 : 0;
    const rest = updates
      ? FLOAT * inputs ** 2 + 2 * FLOAT * weights + (FLOAT + 3) * weights
      : (FLOAT + 2) * weights;
    return {
      stage: 'prune',
      device: [
        layer,
        later,
        { name: 'A Hessian, its inverse and the weights', bytes: Math.max(inverse, rest) },
      ],
      host: [
        kept,
        { name: 'Weights as read', bytes: FLOAT * weights },
        { name: 'Pruned weights', bytes: pruned },
      ],
    };
  });
  const largest = Math.max(...sizes.groups.map(({ weights }) => weights));
  const passOn: StageMemory = {
    stage: 'prune',
    device: [layer, { name: 'The pruned layer', bytes: layer.bytes }, batch],
    host: [
      kept,
      { name: 'Pruned weights', bytes: sizes.layerWeights * ((updates ? FLOAT : 0) + 1 / 8) },
      { name: 'Weights as read', bytes: 2 * FLOAT * largest },
    ],
  };
  return highest([gather, ...steps, passOn]);
}

/** The export is read back and a short sequence taken through it, layer by layer. */
function verification({ sizes, layer }: Context): StageMemory {
  const largest = Math.max(...sizes.groups.map(({ weights }) => weights));
  const throughLayers: StageMemory = {
    stage: 'verify',
    device: [layer],
    host: [
      { name: 'Weights as read', bytes: FLOAT * largest + (FLOAT + 2) * sizes.largestLinear },
      { name: 'Masks', bytes: Math.min(256 * MIB, sizes.allWeights / 8) },
    ],
  };
  const throughHead: StageMemory = {
    stage: 'verify',
    device: [{ name: 'Output head', bytes: FLOAT * sizes.headWeights }],
    host: [
      { name: 'The head as it is read', bytes: (FLOAT + 2) * sizes.headWeights },
      { name: 'Masks', bytes: Math.min(256 * MIB, sizes.allWeights / 8) },
    ],
  };
  return highest([throughLayers, throughHead]);
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
