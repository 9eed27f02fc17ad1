import type { Linear } from '../checkpoint/weight-names.ts';
import { type DecoderLayerWeights, decoderLayerForward, decoderLayerOutput } from '../model/decoder-layer.ts';
import { groupRows, INPUT_GROUPS, type InputGroup } from '../model/input-groups.ts';
import { streamLayers } from '../streaming/layer-weights.ts';
import { closeTokenStream, forwardLayer, streamPacks, type TokenStream } from '../streaming/token-stream.ts';
import { NotPositiveDefinite } from '../tensor/cholesky.ts';
import { dispose } from '../tensor/ops.ts';
import { readFloats, takeFloats } from '../tensor/read.ts';
import { generalWeightImportance, InputMoments, inverseHessianDiagonal } from './hessian.ts';
import { describeHessian, singularHessian } from './hessian-notes.ts';
import { outlierRatio, type WeightsAndInputs } from './outlier-ratio.ts';

/** General importance of one decoder layer. */
export interface GeneralLayer {
  readonly layer: number;
  /** G of each linear layer, [outputs, inputs] row-major. */
  readonly importance: ReadonlyMap<Linear, Float32Array<ArrayBuffer>>;
  /** See `outlierRatio`, over the open-domain text. */
  readonly outlierRatio: number;
  /** What a person should know: raised damping, dead columns. */
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
      yield layerImportance(stream, layer, weights, moments, damping);
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

function layerImportance(
  { checkpoint }: TokenStream,
  layer: number,
  weights: DecoderLayerWeights,
  moments: Moments,
  damping: number,
): GeneralLayer {
  const importance = new Map<Linear, Float32Array<ArrayBuffer>>();
  const notes: string[] = [];
  const inputs: WeightsAndInputs[] = [];
  for (const group of INPUT_GROUPS) {
    const inverse = invert(moments[group], damping, layer, group);
    moments[group].dispose();
    const joined = generalWeightImportance(weights[group].weight, inverse);
    inputs.push({ weight: readFloats(weights[group].weight), squares: inverse.squares });
    const columns = weights[group].weight.shape[1];
    for (const { linear, begin, end } of groupRows(checkpoint.config, group)) {
      importance.set(linear, joined.slice(begin * columns, end * columns));
    }
    notes.push(...describeHessian(layer, group, damping, inverse));
  }
  return { layer, importance, outlierRatio: outlierRatio(inputs), notes };
}

/** @throws UserError HESSIAN_SINGULAR */
function invert(moments: InputMoments, damping: number, layer: number, group: InputGroup) {
  try {
    return inverseHessianDiagonal(moments, damping);
  } catch (error) {
    throw error instanceof NotPositiveDefinite ? singularHessian(layer, group, damping, error) : error;
  }
}
