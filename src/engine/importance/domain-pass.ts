import { UserError } from '../../contract/error.ts';
import type { ModelConfig } from '../checkpoint/config.ts';
import type { Linear } from '../checkpoint/weight-names.ts';
import { crossEntropyBackward } from '../model/cross-entropy.ts';
import {
  type DecoderLayerWeights,
  decoderLayerBackward,
  decoderLayerForward,
} from '../model/decoder-layer.ts';
import { INPUT_GROUPS, type InputGroup } from '../model/input-groups.ts';
import type { Pack } from '../model/segments.ts';
import { type BackwardStep, backwardSteps, type KeptBoundaries } from '../streaming/kept-boundaries.ts';
import { disposeHead, loadHead, streamLayers } from '../streaming/layer-weights.ts';
import {
  type Ascent,
  closeTokenStream,
  forwardLayer,
  forwardLayerAgain,
  leaveBoundary,
  loadBoundary,
  placesOf,
  streamPacks,
  type TokenStream,
} from '../streaming/token-stream.ts';
import { dispose, type Tensor2D } from '../tensor/ops.ts';
import { takeFloats } from '../tensor/read.ts';
import { GradientStatistics, type MeanStatistics, type Statistic } from './gradient-statistics.ts';
import { InputSquares } from './input-squares.ts';
import { outlierRatio } from './outlier-ratio.ts';

/** Domain statistics of one decoder layer; its weights are on the device until the next step. */
export interface DomainLayer {
  readonly layer: number;
  /** Of each linear layer; read from the device as they are asked for, once. */
  readonly statistics: Iterable<readonly [Linear, MeanStatistics]>;
  readonly weights: DecoderLayerWeights;
  /** See `outlierRatio`, over the domain's text. */
  readonly outlierRatio: number;
}

export interface DomainPassOptions {
  /** Which text the stream is of, for its progress. */
  readonly text: 'domain' | 'open';
  readonly statistics: readonly Statistic[];
  readonly isFinished: (layer: number) => boolean;
  /** See `SpillPolicy`. */
  readonly keepEvery: number;
  /** The stream has been through all layers already, and the boundaries that the gradient needs are kept. */
  readonly isForwarded?: boolean;
  /** rW of a layer's groups for the statistic `finalImportance`; they are disposed of after the layer. */
  readonly refinedWeights?: (layer: number) => Promise<Record<InputGroup, Tensor2D>>;
  /** The mean over samples of each sample's mean cross-entropy, nats; called once, before the first layer. */
  readonly onLoss: (loss: number) => void | Promise<void>;
}

/**
 * Domain pass: forward through all layers keeping each boundary, the loss and its gradient at the last one, then
 * backward, recomputing one layer at a time. A sample's loss is its mean next-token cross-entropy over the whole
 * sequence. Layers are yielded from the last to the first; those already finished only pass the gradient down.
 * @throws UserError LOSS_NOT_FINITE
 */
export async function* domainPass(
  stream: TokenStream,
  options: DomainPassOptions,
): AsyncGenerator<DomainLayer> {
  const { checkpoint, meter } = stream;
  const { text, keepEvery, isFinished, isForwarded = false } = options;
  const { numHiddenLayers } = checkpoint.config;
  try {
    const kept = keptForGradient(numHiddenLayers, keepEvery, isFinished);
    if (!kept) return;
    const stages = STAGES[text];
    meter.start(isForwarded ? stages.backward : stages.forward);
    if (!isForwarded) await forwardAll({ stream, kept });
    const loss = await backwardHead(stream, numHiddenLayers);
    if (!Number.isFinite(loss)) throw notFinite(text);
    await options.onLoss(loss);
    if (!isForwarded) meter.start(stages.backward);
    const steps = backwardSteps(kept);
    let step = 0;
    for await (const { layer, weights } of streamLayers(
      checkpoint,
      steps.map((each) => each.layer),
    )) {
      const { kind } = steps[step++] as BackwardStep;
      if (kind === 'forward') {
        await forwardLayerAgain(stream, weights, layer, layer + 1);
        continue;
      }
      if (isFinished(layer)) {
        await backwardLayer(stream, layer, weights, null);
        continue;
      }
      const refined = (await options.refinedWeights?.(layer)) ?? null;
      const sums = {} as LayerStatistics;
      for (const group of INPUT_GROUPS) {
        sums[group] = {
          gradients: new GradientStatistics(options.statistics, refined?.[group]),
          squares: new InputSquares(weights[group].weight.shape[1]),
        };
      }
      await backwardLayer(stream, layer, weights, sums);
      if (refined) dispose(refined);
      const inputs = INPUT_GROUPS.map((group) => ({
        weight: weights[group].weight,
        squares: sums[group].squares.total(),
      }));
      const statistics = takeMeans(checkpoint.config, sums);
      try {
        yield { layer, statistics, weights, outlierRatio: outlierRatio(inputs) };
      } finally {
        for (const group of INPUT_GROUPS) sums[group].gradients.dispose();
      }
    }
  } finally {
    await closeTokenStream(stream);
  }
}

const STAGES = {
  domain: { forward: 'forward', backward: 'backward' },
  open: { forward: 'open-forward', backward: 'open-backward' },
} as const;

/** What a stream must keep on its way up for the gradient to reach all layers that are not finished; null if none is left. */
export function keptForGradient(
  layers: number,
  keepEvery: number,
  isFinished: (layer: number) => boolean,
): KeptBoundaries | null {
  const lowest = [...Array(layers).keys()].find((layer) => !isFinished(layer));
  return lowest === undefined ? null : { layers, keepEvery, lowest };
}

async function forwardAll(ascent: Ascent): Promise<void> {
  const { stream } = ascent;
  const layers = [...Array(stream.checkpoint.config.numHiddenLayers).keys()];
  for await (const { layer, weights } of streamLayers(stream.checkpoint, layers)) {
    const { from, to } = placesOf(ascent, layer);
    await forwardLayer(stream, layer, weights, from, to);
    leaveBoundary(ascent, layer);
  }
}

const notFinite = (text: DomainPassOptions['text']) =>
  new UserError(
    'LOSS_NOT_FINITE',
    `The model’s loss on the ${text === 'open' ? 'open-domain' : 'domain'} calibration is not a number: its activations overflow.`,
    'Check that the model answers sensibly; its weights may be damaged.',
  );

/** Replaces the last boundary's activations by the gradient of Σ_j loss_j at them; returns the mean loss. */
async function backwardHead(stream: TokenStream, lastBoundary: number): Promise<number> {
  const { checkpoint, packs, store, meter } = stream;
  const head = await loadHead(checkpoint);
  let total = 0;
  let samples = 0;
  try {
    for (const [i, pack] of packs.entries()) {
      await meter.breathe();
      const hidden = await loadBoundary(stream, lastBoundary, i);
      const { targets, tokenWeights } = nextTokenTargets(pack);
      const { losses, dHidden } = crossEntropyBackward(head, hidden, targets, tokenWeights);
      hidden.dispose();
      losses.forEach((loss, token) => {
        total += loss * tokenWeights[token];
      });
      samples += pack.segments.length;
      await store.write(lastBoundary, i, dHidden as Float32Array<ArrayBuffer>);
    }
  } finally {
    disposeHead(head);
  }
  return total / samples;
}

/** Each token's target is the next token; a sample's T − 1 targets weigh 1/(T − 1) each, its last token nothing. */
function nextTokenTargets({ inputIds, segments }: Pack): { targets: Int32Array; tokenWeights: Float32Array } {
  const targets = new Int32Array(inputIds.length);
  const tokenWeights = new Float32Array(inputIds.length);
  for (const { start, length } of segments) {
    targets.set(inputIds.subarray(start + 1, start + length), start);
    tokenWeights.fill(1 / (length - 1), start, start + length - 1);
  }
  return { targets, tokenWeights };
}

/** A micro-batch’s attention probabilities, where there are any, are kept from its forward to its backward pass up to 64 MiB. */
const KEPT_ATTENTION_SCORES = 1 << 24;

const attentionScores = ({ numAttentionHeads }: ModelConfig, { segments }: Pack): number =>
  segments.reduce((total, { length }) => total + numAttentionHeads * length ** 2, 0);

type LayerStatistics = Record<InputGroup, { gradients: GradientStatistics; squares: InputSquares }>;

/** Reads the gradient at boundary layer + 1 and leaves the one at boundary `layer` in place of its activations. */
async function backwardLayer(
  stream: TokenStream,
  layer: number,
  weights: DecoderLayerWeights,
  statistics: LayerStatistics | null,
): Promise<void> {
  const { checkpoint, packs, store, meter } = stream;
  const { config } = checkpoint;
  for await (const { index, pack, inputs, positions, write } of streamPacks(stream, [layer, layer + 1])) {
    const [input, dOutput] = inputs;
    const keep = attentionScores(config, pack) <= KEPT_ATTENTION_SCORES;
    const activations = decoderLayerForward(config, weights, input, positions, keep);
    const gradients = decoderLayerBackward(config, weights, activations, positions, dOutput);
    for (const group of statistics ? INPUT_GROUPS : []) {
      statistics?.[group].gradients.accumulate(activations[group], gradients.outputs[group], pack.segments);
      statistics?.[group].squares.accumulate(activations[group]);
    }
    const dInput = takeFloats(gradients.input);
    dispose({ ...activations });
    dispose({ ...gradients.outputs });
    await write(layer, dInput);
    await meter.passed(pack.inputIds.length, config.numHiddenLayers - 1 - layer + (index + 1) / packs.length);
  }
  store.drop(layer + 1, packs.length);
}

function* takeMeans(
  config: ModelConfig,
  sums: LayerStatistics,
): Generator<readonly [Linear, MeanStatistics]> {
  for (const group of INPUT_GROUPS) yield* sums[group].gradients.take(config, group);
}
