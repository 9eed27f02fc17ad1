import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { openLayers } from '../generation/layer-source.ts';
import { TokenEmbedding } from '../generation/token-embedding.ts';
import { crossEntropyBackward, type HeadWeights } from '../model/cross-entropy.ts';
import {
  type DecoderLayerWeights,
  decoderLayerBackward,
  decoderLayerForward,
  decoderLayerOutput,
} from '../model/decoder-layer.ts';
import type { InputGroup } from '../model/input-groups.ts';
import { disposePositions, type Positions, positionsOf } from '../model/positions.ts';
import { type Pack, packSamples } from '../model/segments.ts';
import { disposeHead, loadHead } from '../streaming/layer-weights.ts';
import { keep, slice, type Tensor2D, tensor2d, tidy } from '../tensor/ops.ts';
import { readFloats } from '../tensor/read.ts';

/** One weight: a row and a column of a group's joined matrix. */
export interface WeightPlace {
  readonly layer: number;
  readonly group: InputGroup;
  readonly row: number;
  readonly column: number;
}

/** A whole model on the device with some samples, to differentiate the loss by single weights, also where one is changed. */
export class WeightGradients {
  private readonly checkpoint: Checkpoint;
  private readonly layers: readonly DecoderLayerWeights[];
  private readonly head: HeadWeights;
  private readonly pack: Pack;
  private readonly positions: Positions;
  /** What goes into each layer of the unchanged model, [N, hiddenSize]. */
  private readonly boundaries: readonly Tensor2D[];
  private readonly closeLayers: () => Promise<void>;

  private constructor(
    checkpoint: Checkpoint,
    layers: readonly DecoderLayerWeights[],
    head: HeadWeights,
    pack: Pack,
    embedded: Tensor2D,
    closeLayers: () => Promise<void>,
  ) {
    this.checkpoint = checkpoint;
    this.layers = layers;
    this.head = head;
    this.pack = pack;
    this.closeLayers = closeLayers;
    this.positions = positionsOf(checkpoint.config, pack.segments);
    const boundaries = [embedded];
    for (const weights of layers.slice(0, -1))
      boundaries.push(this.forward(weights, boundaries.at(-1) as Tensor2D));
    this.boundaries = boundaries;
  }

  static async open(checkpoint: Checkpoint, samples: readonly Int32Array[]): Promise<WeightGradients> {
    const [pack] = packSamples(samples, Infinity);
    const embedded = (await TokenEmbedding.load(checkpoint)).lookUp(pack.inputIds);
    const head = await loadHead(checkpoint);
    const source = await openLayers(checkpoint, true);
    const layers: DecoderLayerWeights[] = [];
    for await (const { weights } of source.layers()) layers.push(weights);
    return new WeightGradients(checkpoint, layers, head, pack, embedded, () => source.close());
  }

  /** A group's joined matrix, row-major, and how many columns it has. */
  matrixOf({ layer, group }: Pick<WeightPlace, 'layer' | 'group'>) {
    const { weight } = this.layers[layer][group];
    return { values: readFloats(weight), columns: weight.shape[1] };
  }

  /**
   * Each sample's ∂loss/∂w, its loss being its mean next-token cross-entropy.
   * @param added to the weight first
   */
  at(place: WeightPlace, added = 0): number[] {
    return tidy(() => this.entryOf(this.passed(place, added), place));
  }

  /** The same for several weights of one group, none of them changed: one pass for all. */
  ofUnchanged(places: readonly WeightPlace[]): number[][] {
    return tidy(() => {
      const passed = this.passed(places[0], 0);
      return places.map((place) => this.entryOf(passed, place));
    });
  }

  async close(): Promise<void> {
    disposePositions(this.positions);
    disposeHead(this.head);
    for (const boundary of this.boundaries) boundary.dispose();
    await this.closeLayers();
  }

  private forward(weights: DecoderLayerWeights, input: Tensor2D, isKept = true): Tensor2D {
    const output = tidy(() =>
      decoderLayerOutput(
        weights,
        decoderLayerForward(this.checkpoint.config, weights, input, this.positions),
      ),
    );
    return isKept ? keep(output) : output;
  }

  /** What goes into the group and the gradient at what comes out of it, forward from its layer on and back to it. */
  private passed(place: WeightPlace, added: number): { x: Tensor2D; dY: Tensor2D } {
    const { config } = this.checkpoint;
    const { layer, group } = place;
    const changed = added === 0 ? this.layers[layer] : this.changedLayer(place, added);
    const weightsOf = (index: number) => (index === layer ? changed : this.layers[index]);
    const inputs = [this.boundaries[layer]];
    for (let index = layer; index < this.layers.length; index++)
      inputs.push(this.forward(weightsOf(index), inputs[index - layer], false));
    let dOutput = this.lossGradient(inputs.at(-1) as Tensor2D);
    for (let index = this.layers.length - 1; ; index--) {
      const weights = weightsOf(index);
      const activations = decoderLayerForward(config, weights, inputs[index - layer], this.positions);
      const { outputs, input } = decoderLayerBackward(config, weights, activations, this.positions, dOutput);
      if (index === layer) return { x: activations[group], dY: outputs[group] };
      dOutput = input;
    }
  }

  private changedLayer({ layer, group, row, column }: WeightPlace, added: number): DecoderLayerWeights {
    const weights = this.layers[layer];
    const { weight, bias } = weights[group];
    const values = readFloats(weight).slice();
    values[row * weight.shape[1] + column] += added;
    return { ...weights, [group]: { weight: tensor2d(values, weight.shape), bias } };
  }

  /** Of Σ over the samples of their mean losses, at the last layer's output; [N, hiddenSize]. */
  private lossGradient(hidden: Tensor2D): Tensor2D {
    const { inputIds, segments } = this.pack;
    const targets = new Int32Array(inputIds.length);
    const tokenWeights = new Float32Array(inputIds.length);
    for (const { start, length } of segments) {
      targets.set(inputIds.subarray(start + 1, start + length), start);
      tokenWeights.fill(1 / (length - 1), start, start + length - 1);
    }
    const { dHidden } = crossEntropyBackward(this.head, hidden, targets, tokenWeights);
    return tensor2d(dHidden, hidden.shape);
  }

  /** Σ over each sample's tokens of dY[token, row] · X[token, column]. */
  private entryOf({ x, dY }: { x: Tensor2D; dY: Tensor2D }, { row, column }: WeightPlace): number[] {
    const of = (matrix: Tensor2D, at: number) => readFloats(slice(matrix, [0, at], [matrix.shape[0], 1]));
    const inputs = of(x, column);
    const outputs = of(dY, row);
    return this.pack.segments.map(({ start, length }) => {
      let sum = 0;
      for (let t = start; t < start + length; t++) sum += inputs[t] * outputs[t];
      return sum;
    });
  }
}
