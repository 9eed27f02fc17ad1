import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import type { Linear } from '../checkpoint/weight-names.ts';
import type { DecoderLayerWeights, LinearInputs } from '../model/decoder-layer.ts';
import { groupRows, INPUT_GROUPS, type InputGroup } from '../model/input-groups.ts';
import { streamLayers } from '../streaming/layer-weights.ts';
import {
  type Ascent,
  closeTokenStream,
  leaveBoundary,
  placesOf,
  throughLayer,
} from '../streaming/token-stream.ts';
import { NotPositiveDefinite } from '../tensor/cholesky.ts';
import { freeArray } from '../tensor/free-array.ts';
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
 * General pass over one text or several, layer after layer: H of each distinct input over all of them, diag(H⁻¹), G
 * (Eq. 2), while the layer's outputs become the next layer's inputs. Layers already finished are only passed through.
 * Texts whose boundaries are kept go up through all layers, so that their gradients can come down afterwards: their streams stay
 * open, whatever comes. Those of the others are closed.
 */
export async function* generalPass(
  texts: readonly Ascent[],
  damping: number,
  isFinished: (layer: number) => boolean,
): AsyncGenerator<GeneralLayer> {
  const { checkpoint, meter } = texts[0].stream;
  const layers = [...Array(checkpoint.config.numHiddenLayers).keys()];
  const isAnyKept = texts.some(({ kept }) => kept !== null);
  const last = isAnyKept ? layers.length - 1 : (layers.findLast((layer) => !isFinished(layer)) ?? -1);
  const packs = texts.reduce((total, { stream }) => total + stream.packs.length, 0);
  let packsDone = 0;
  const passed = ({ stream }: Ascent, index: number) =>
    meter.passed(stream.packs[index].inputIds.length, ++packsDone / packs);
  meter.start('general');
  try {
    for await (const { layer, weights } of streamLayers(checkpoint, layers.slice(0, last + 1))) {
      const moments = isFinished(layer) ? null : momentsFor(weights);
      const look = moments ? addingTo(moments) : undefined;
      for (const text of texts) {
        const { from, to } = placesOf(text, layer);
        await throughLayer(text.stream, weights, from, to, (index) => passed(text, index), look);
        leaveBoundary(text, layer);
      }
      if (!moments) continue;
      const inputs = INPUT_GROUPS.map((group) => ({
        weight: weights[group].weight,
        squares: moments[group].squares(),
      }));
      const found = { notes: [] as string[], correlations: new Map<InputGroup, Uint16Array<ArrayBuffer>>() };
      const importance = layerImportance(checkpoint, layer, weights, moments, damping, found);
      try {
        yield { layer, importance, outlierRatio: outlierRatio(inputs), ...found };
      } finally {
        for (const group of INPUT_GROUPS) moments[group].dispose();
      }
    }
  } finally {
    for (const { stream, kept } of texts) if (!kept) await closeTokenStream(stream);
  }
}

type Moments = Record<InputGroup, InputMoments>;

function momentsFor(weights: DecoderLayerWeights): Moments {
  const moments = {} as Moments;
  for (const group of INPUT_GROUPS) moments[group] = new InputMoments(weights[group].weight.shape[1]);
  return moments;
}

/** Adds Σ x xᵀ of each group's input. */
const addingTo = (moments: Moments) => (inputs: LinearInputs) => {
  for (const group of INPUT_GROUPS) moments[group].accumulate(inputs[group]);
};

/** G of one linear layer after the other, so that only one group's is in memory. */
function* layerImportance(
  checkpoint: Checkpoint,
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
