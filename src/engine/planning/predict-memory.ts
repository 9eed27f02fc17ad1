import type { Stage } from '../../contract/progress.ts';
import { needsOf } from '../run/needs.ts';
import { layerwise, verification } from './layerwise-memory.ts';
import { sizesOf } from './model-sizes.ts';
import { type Share, totalBytes } from './share.ts';
import {
  attention,
  boundaries,
  CODE,
  type Context,
  DOUBLE,
  FLOAT,
  gramNumbers,
  highestOf,
  keptBytes,
  type MemoryQuestion,
  MIB,
  microBatch,
  type PlannedStage,
  packing,
  packTokens,
  SPLIT,
  type StageMemory,
  sum,
} from './stage-memory.ts';
import { type TextSize, together } from './token-counts.ts';

/** The stages of a run, each with the parts of its own peak. */
export function predictMemory(question: MemoryQuestion): PlannedStage[] {
  const sizes = sizesOf(question.config);
  const needs = needsOf(question.settings, false);
  const layer = { name: 'One decoder layer in float32', bytes: FLOAT * sizes.layerWeights };
  const context = { ...question, sizes, needs, layer };
  const { domain, open, mix } = question.texts;
  return [
    ...(needs.general ? general(context, needs.mixed ? together(open, domain) : open) : []),
    ...(needs.mixed ? throughGradients(context, open, null, 'open-backward', 1) : []),
    ...(needs.statistics.length > 0
      ? throughGradients(context, domain, needs.mixed ? null : 'forward', 'backward', needs.statistics.length)
      : []),
    ...(needs.layerwise ? [layerwise(context, mix)] : []),
    verification(context),
  ].map((stage) => withProgram(stage, question.programBytes, keptBytes(layer, stage)));
}

/** Rows of a gradient that are there at once (see `GradientStatistics`). */
const GRADIENT_BYTES = 64 * MIB;

/** Arrays that nobody refers to any more, until they are looked for (see `makeRoomFor`). */
const GARBAGE: Share = { name: 'Memory not reclaimed yet', bytes: 256 * MIB };

/** What norms, positions and other small things may add to a stage's tensors. */
const SMALLEST_SLACK = 16 * MIB;

function withProgram({ stage, device, host }: StageMemory, programBytes: number, kept: number): PlannedStage {
  const program = { name: 'Program and tensor library', bytes: programBytes };
  const needed = totalBytes(device) + totalBytes(host);
  const garbage = { ...GARBAGE, bytes: Math.min(GARBAGE.bytes, 0.35 * needed) };
  return {
    stage,
    device,
    budgetBytes: Math.ceil(needed + Math.max(garbage.bytes, SMALLEST_SLACK)),
    host: [program, ...host, garbage, { name: 'Kept by the allocator for reuse', bytes: kept }],
  };
}

function general(context: Context, text: TextSize): StageMemory[] {
  const { config, sizes, layer, formats, needs } = context;
  const pack = packTokens(config, text);
  const grams = sizes.groups.map(({ inputs }) => FLOAT * gramNumbers(context, inputs));
  const kept = needs.mixed
    ? boundaries(context, text, formats.backward, config.numHiddenLayers + 1)
    : boundaries(context, text, formats.forward, 1);
  const widest = Math.max(...sizes.groups.map(({ inputs }) => inputs));
  const product = context.isComposed ? widest * Math.ceil(widest / SPLIT) : 0;
  const centred = FLOAT * (2 * pack * widest + product);
  const accumulate: StageMemory = {
    stage: 'general',
    device: [
      layer,
      { name: 'Sums for the Hessians', bytes: sum(grams) },
      microBatch(context, pack * sizes.forwardBytesPerToken + centred + attention(context, text)),
      ...packing(context),
    ],
    host: [kept],
  };
  let codes = 0;
  let pairs = 0;
  const invert = sizes.groups.map(({ inputs, weights }, i): StageMemory => {
    const later = sum(grams.slice(i + 1));
    const matrix = FLOAT * inputs ** 2;
    const assembly = context.isComposed ? 2 * matrix + grams[i] / SPLIT : matrix;
    const inversion = Math.max(assembly, matrix + (DOUBLE * inputs ** 2) / 2);
    const scores = FLOAT * (weights + Math.min(weights, sizes.largestLinear));
    const before = codes;
    codes += CODE * weights;
    pairs += (CODE * inputs * (inputs + 1)) / 2;
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
      host: [
        kept,
        { name: 'Codes of a layer', bytes: before + (isInversion ? 0 : CODE * weights) },
        { name: 'How the inputs go together', bytes: pairs },
      ],
    };
  });
  return [highestOf(context, [accumulate, ...invert])];
}

function throughGradients(
  context: Context,
  text: TextSize,
  forwardStage: Stage | null,
  backwardStage: Stage,
  statistics: number,
): StageMemory[] {
  const { config, sizes, layer, formats, needs } = context;
  const pack = packTokens(config, text);
  const { open, domain } = context.texts;
  const there = needs.mixed ? together(open, domain) : text;
  const kept = boundaries(context, there, formats.backward, config.numHiddenLayers + 1);
  const forward: StageMemory = {
    stage: forwardStage ?? backwardStage,
    device: [
      layer,
      microBatch(context, pack * sizes.forwardBytesPerToken + attention(context, text)),
      ...packing(context),
    ],
    host: [kept],
  };
  const head: StageMemory = {
    stage: forwardStage ?? backwardStage,
    device: [
      { name: 'Output head', bytes: FLOAT * sizes.headWeights },
      {
        name: 'Logits of some tokens',
        bytes: context.isComposed || config.logitSoftcap !== null ? 4 * 32 * MIB : headBytes(context, pack),
      },
      ...packing(context),
    ],
    host: [kept, { name: 'The head as it is read', bytes: FLOAT * sizes.headWeights }],
    isTidied: true,
  };
  const sums = FLOAT * statistics * sizes.layerWeights;
  const largest = Math.max(...sizes.groups.map(({ weights }) => weights));
  const accumulate: StageMemory = {
    stage: backwardStage,
    device: [
      layer,
      { name: 'Sums over the gradients', bytes: sums },
      ...gradient(context, FLOAT * largest, statistics),
      microBatch(
        context,
        pack * sizes.backwardBytesPerToken +
          attention(context, text) +
          Math.min(64 * MIB, probabilities(context, text, pack)),
      ),
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
  if (!forwardStage) return [highestOf(context, [head, accumulate, ...store])];
  return [highestOf(context, [forward, head]), highestOf(context, [accumulate, ...store])];
}

/** Our own kernel has the logits of some words at a time; beside it hidden states and gradients of up to 8 MiB each. */
const headBytes = ({ config }: Context, pack: number): number =>
  4 * MIB + 10 * Math.min(8 * MIB, FLOAT * pack * config.hiddenSize);

/** A sample's gradient exists only where more is taken of it than its square. */
const gradient = (context: Context, largestBytes: number, statistics: number): Share[] =>
  context.isComposed || statistics > 1
    ? [{ name: 'A gradient', bytes: Math.min(GRADIENT_BYTES, largestBytes) * (statistics > 1 ? 2 : 1) }]
    : packing(context);

/** Attention's, kept for the way back; our own kernels compute them again instead, but for soft-capped scores and ALiBi. */
const probabilities = ({ config, isComposed }: Context, { longest }: TextSize, pack: number): number =>
  isComposed || config.attentionSoftcap !== null || config.alibi
    ? FLOAT * config.numAttentionHeads * longest * pack
    : 0;
