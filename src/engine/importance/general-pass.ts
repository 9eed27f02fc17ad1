import type { Linear } from '../checkpoint/weight-names.ts';
import { type DecoderLayerWeights, decoderLayerForward, decoderLayerOutput } from '../model/decoder-layer.ts';
import { groupRows, INPUT_GROUPS, type InputGroup } from '../model/input-groups.ts';
import { streamLayers } from '../streaming/layer-weights.ts';
import { closeTokenStream, forwardLayer, streamPacks, type TokenStream } from '../streaming/token-stream.ts';
import { NotPositiveDefinite } from '../tensor/cholesky.ts';
import { freeArray } from '../tensor/free-array.ts';
import { dispose } from '../tensor/ops.ts';
import { takeFloats } from '../tensor/read.ts';
import { generalWeightImportance, InputMoments, inverseHessianDiagonal } from './hessian.ts';
import { describeHessian, singularHessian } from './hessian-notes.ts';
import { inputCorrelation } from './input-correlation.ts';
import { outlierRatio } from './outlier-ratio.ts';

/** General importance of one decoder layer; its weights are on the device until the next step. */
export interface GeneralLayer {
  readonly layer: number;
  /** G of each linear layer, [outputs, inputs] row-major; computed as it is read, once, and empty when the next group of linear layers is. */
  readonly importance: Iterable<readonly [Linear, Float32Array<ArrayBuffer>]>;
  /** How the inputs of each group go together, see `inputCorrelation`; there once the importance has been read. */
  readonly correlations: ReadonlyMap<InputGroup, Uint16Array<ArrayBuffer>>;
  /** See `outlierRatio`, over the open-domain text. */
  readonly outlierRatio: number;
  /** What a person should know: raised damping, dead columns. All are there once the importance has been read. */
  readonly notes: readonly string[];
}

/**
 * General pass over the open-domain text, layer after layer: H of each distinct input, diag(H⁻¹), G (Eq. 2), while
 * the layer's outputs become the next layer's inputs. Layers already finished are only passed through.
 */
export async function* generalPass(
  stream: TokenStream,
  damping: number,
  isFinished: (layer: number) => boolean,
): AsyncGenerator<GeneralLayer> {
  const { checkpoint, meter } = stream;
  const layers = [...Array(checkpoint.config.numHiddenLayers).keys()];
  const lastToDo = layers.findLast((layer) => !isFinished(layer)) ?? -1;
  meter.start('general');
  try {
    for await (const { layer, weights } of streamLayers(checkpoint, layers.slice(0, lastToDo + 1))) {
      if (isFinished(layer)) {
        await forwardLayer(stream, layer, weights, 0, 0);
        continue;
      }
      const moments = await accumulateLayer(stream, layer, weights);
      const inputs = INPUT_GROUPS.map((group) => ({
        weight: weights[group].weight,
        squares: moments[group].squares(),
      }));
      const found = { notes: [] as string[], correlations: new Map<InputGroup, Uint16Array<ArrayBuffer>>() };
      const importance = layerImportance(stream, layer, weights, moments, damping, found);
      try {
        yield { layer, importance, outlierRatio: outlierRatio(inputs), ...found };
      } finally {
        for (const group of INPUT_GROUPS) moments[group].dispose();
      }
    }
  } finally {
    await closeTokenStream(stream);
  }
}

type Moments = Record<InputGroup, InputMoments>;

/** Takes all packs through the layer and sums Σ x xᵀ of each group's input. */
async function accumulateLayer(stream: TokenStream, layer: number, weights: DecoderLayerWeights) {
  const { checkpoint, packs, meter } = stream;
  const moments = {} as Moments;
  for (const group of INPUT_GROUPS) moments[group] = new InputMoments(weights[group].weight.shape[1]);
  for await (const { index, pack, inputs, positions, write } of streamPacks(stream, [0])) {
    const activations = decoderLayerForward(checkpoint.config, weights, inputs[0], positions);
    for (const group of INPUT_GROUPS) moments[group].accumulate(activations[group]);
    const output = decoderLayerOutput(weights, activations);
    dispose({ ...activations });
    await write(0, takeFloats(output));
    await meter.passed(pack.inputIds.length, layer + (index + 1) / packs.length);
  }
  return moments;
}

/** G of one linear layer after the other, so that only one group's is in memory. */
function* layerImportance(
  { checkpoint }: TokenStream,
  layer: number,
  weights: DecoderLayerWeights,
  moments: Moments,
  damping: number,
  found: { readonly notes: string[]; readonly correlations: Map<InputGroup, Uint16Array<ArrayBuffer>> },
): Generator<readonly [Linear, Float32Array<ArrayBuffer>]> {
  for (const group of INPUT_GROUPS) {
    found.correlations.set(group, inputCorrelation(moments[group]));
    const inverse = invert(moments[group], damping, layer, group);
    moments[group].dispose();
    found.notes.push(...describeHessian(layer, group, damping, inverse));
    const joined = generalWeightImportance(weights[group].weight, inverse);
    const columns = weights[group].weight.shape[1];
    for (const { linear, begin, end } of groupRows(checkpoint.config, group))
      yield [linear, joined.subarray(begin * columns, end * columns)];
    freeArray(joined);
  }
}

/** @throws UserError HESSIAN_SINGULAR */
function invert(moments: InputMoments, damping: number, layer: number, group: InputGroup) {
  try {
    return inverseHessianDiagonal(moments, damping);
  } catch (error) {
    throw error instanceof NotPositiveDefinite ? singularHessian(layer, group, damping, error) : error;
  }
}
