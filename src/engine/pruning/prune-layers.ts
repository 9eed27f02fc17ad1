import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { fromFloat32, toFloat32 } from '../checkpoint/half-precision.ts';
import { type Linear, linearWeight } from '../checkpoint/weight-names.ts';
import { InputMoments } from '../importance/hessian.ts';
import { InputSquares } from '../importance/input-squares.ts';
import { type DecoderLayerWeights, decoderLayerForward } from '../model/decoder-layer.ts';
import { groupRows, INPUT_GROUPS, type InputGroup } from '../model/input-groups.ts';
import { streamLayers } from '../streaming/layer-weights.ts';
import { closeTokenStream, streamPacks, type TokenStream, throughLayer } from '../streaming/token-stream.ts';
import { dispose, type Tensor2D, tensor2d } from '../tensor/ops.ts';
import { readFloats } from '../tensor/read.ts';
import type { Grouping } from './mask.ts';
import type {
  GroupInputs,
  GroupToPrune,
  InputNeeds,
  PrunedMatrix,
  PruningMethod,
} from './methods/pruning-method.ts';

export type PrunedMatrices = ReadonlyMap<Linear, PrunedMatrix>;

/** A decoder layer that has been pruned. */
export interface PrunedLayer {
  readonly layer: number;
  readonly matrices: PrunedMatrices;
  readonly notes: readonly string[];
}

export interface PruneLayersOptions {
  readonly method: PruningMethod;
  /** The comparison groups of a matrix of so many columns. */
  readonly groupingOf: (layer: number, columns: number) => Grouping;
  /** What an earlier run made of a layer; null if it is still to be done. */
  readonly finished: (layer: number) => Promise<PrunedMatrices | null>;
}

/**
 * Prunes layer after layer. A layer's inputs are those that the pruned layers below it give; all its linear layers are
 * chosen from one pass with the layer still dense, as Wanda's and SparseGPT's released programs do; then the texts pass
 * through the pruned layer on to the next. Yields each layer that was not finished.
 */
export async function* pruneLayers(
  stream: TokenStream,
  { method, groupingOf, finished }: PruneLayersOptions,
): AsyncGenerator<PrunedLayer> {
  const { checkpoint, meter } = stream;
  const layers = [...Array(checkpoint.config.numHiddenLayers).keys()];
  meter.start('prune');
  try {
    for await (const { layer, weights } of streamLayers(checkpoint, layers)) {
      let matrices = await finished(layer);
      if (!matrices) {
        const pruned = await pruneLayer(stream, layer, weights, method, groupingOf);
        matrices = pruned.matrices;
        yield pruned;
      }
      if (layer < layers.length - 1) await passOn(stream, layer, weights, matrices);
    }
  } finally {
    await closeTokenStream(stream);
  }
}

async function pruneLayer(
  stream: TokenStream,
  layer: number,
  weights: DecoderLayerWeights,
  method: PruningMethod,
  groupingOf: PruneLayersOptions['groupingOf'],
): Promise<PrunedLayer> {
  const inputs = method.needs === 'none' ? null : await gatherInputs(stream, layer, weights, method.needs);
  const matrices = new Map<Linear, PrunedMatrix>();
  const notes: string[] = [];
  for (const group of INPUT_GROUPS) {
    const { weight } = weights[group];
    const toPrune: GroupToPrune = {
      layer,
      group,
      linears: groupRows(stream.checkpoint.config, group).map((rows) => ({
        ...rows,
        name: linearWeight(stream.checkpoint.config, layer, rows.linear),
      })),
      weight,
      weightValues: readFloats(weight),
      inputs: inputs?.[group] ?? null,
      grouping: groupingOf(layer, weight.shape[1]),
    };
    const pruned = await method.prune(toPrune);
    inputs?.[group].moments?.dispose();
    notes.push(...pruned.notes);
    for (const [i, { linear, name }] of toPrune.linears.entries())
      matrices.set(linear, asStored(stream.checkpoint, name, pruned.matrices[i]));
  }
  return { layer, matrices, notes };
}

/** Updated weights as they will be once they are written in the source's dtype. */
function asStored({ tensors }: Checkpoint, name: string, { mask, values }: PrunedMatrix): PrunedMatrix {
  const dtype = tensors.get(name)?.dtype ?? 'F32';
  return { mask, values: values && toFloat32(fromFloat32(values, dtype), dtype) };
}

/** Takes all packs up to the down projection's inputs, and sums up what the method needs of each group's. */
async function gatherInputs(
  stream: TokenStream,
  layer: number,
  weights: DecoderLayerWeights,
  needs: InputNeeds,
): Promise<Record<InputGroup, GroupInputs>> {
  const { checkpoint, packs, meter } = stream;
  const gathered = {} as Record<InputGroup, { squares: InputSquares; moments: InputMoments | null }>;
  for (const group of INPUT_GROUPS) {
    const columns = weights[group].weight.shape[1];
    const moments = needs === 'moments' ? new InputMoments(columns) : null;
    gathered[group] = { squares: new InputSquares(columns), moments };
  }
  for await (const { index, pack, inputs, positions } of streamPacks(stream, [0])) {
    const activations = decoderLayerForward(checkpoint.config, weights, inputs[0], positions);
    for (const group of INPUT_GROUPS) {
      gathered[group].squares.accumulate(activations[group]);
      gathered[group].moments?.accumulate(activations[group]);
    }
    dispose({ ...activations });
    await meter.passed(pack.inputIds.length / 2, layer + (index + 1) / packs.length / 2);
  }
  const inputs = {} as Record<InputGroup, GroupInputs>;
  for (const group of INPUT_GROUPS) {
    const { squares, moments } = gathered[group];
    inputs[group] = { squares: squares.total(), moments };
  }
  return inputs;
}

/** Takes all packs through the pruned layer. */
async function passOn(
  stream: TokenStream,
  layer: number,
  weights: DecoderLayerWeights,
  matrices: PrunedMatrices,
): Promise<void> {
  const { packs, meter } = stream;
  const pruned = prunedWeights(stream, weights, matrices);
  const passed = (index: number) =>
    meter.passed(packs[index].inputIds.length / 2, layer + 0.5 + (index + 1) / packs.length / 2);
  try {
    await throughLayer(stream, pruned, 0, 0, passed);
  } finally {
    for (const group of INPUT_GROUPS) pruned[group].weight.dispose();
  }
}

/** The layer with its pruned weights, on the device. */
function prunedWeights(
  { checkpoint }: TokenStream,
  weights: DecoderLayerWeights,
  matrices: PrunedMatrices,
): DecoderLayerWeights {
  const replaced = { ...weights } as Record<InputGroup, DecoderLayerWeights[InputGroup]> &
    DecoderLayerWeights;
  for (const group of INPUT_GROUPS) {
    const { weight, bias } = weights[group];
    const values = readFloats(weight).slice(); // some backends hand out their own memory
    const [rows, columns] = weight.shape;
    for (const { linear, begin, end } of groupRows(checkpoint.config, group)) {
      const matrix = matrices.get(linear);
      if (!matrix) throw new Error(`layer has no pruned ${linear}`);
      applyPruned(matrix, values.subarray(begin * columns, end * columns));
    }
    replaced[group] = { weight: tensor2d(values, [rows, columns]) as Tensor2D, bias };
  }
  return replaced;
}

/** Makes a matrix's dense weights the pruned ones, in place. */
export function applyPruned({ mask: { bits }, values }: PrunedMatrix, weight: Float32Array): void {
  if (values) weight.set(values);
  for (let m = 0; m < weight.length; m++) if ((bits[m >> 3] & (1 << (m & 7))) === 0) weight[m] = 0;
}
