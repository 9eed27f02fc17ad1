import type { ModelConfig } from '../checkpoint/config.ts';
import { expectedTensors } from '../checkpoint/expected-tensors.ts';
import { linearShape, linearsOf } from '../checkpoint/weight-names.ts';
import { groupShape, INPUT_GROUPS } from '../model/input-groups.ts';

const FLOAT = 4;

export interface GroupSize {
  readonly inputs: number;
  readonly outputs: number;
  readonly weights: number;
}

/** How many numbers of each kind a decoder layer has. */
export interface ModelSizes {
  /** Linear layers that share an input, in the order in which they act. */
  readonly groups: readonly GroupSize[];
  /** Weights of all linear layers of a decoder layer, and of the largest one. */
  readonly layerWeights: number;
  readonly largestLinear: number;
  /** Weights of the whole model, whatever they are. */
  readonly allWeights: number;
  /** The embedding, and the head where it is not the same. */
  readonly headWeights: number;
  /** Float32 bytes that are there for each token of a micro-batch at the peak of a layer's passes. */
  readonly forwardBytesPerToken: number;
  readonly backwardBytesPerToken: number;
}

export function sizesOf(config: ModelConfig): ModelSizes {
  const groups = INPUT_GROUPS.map((group) => {
    const [outputs, inputs] = groupShape(config, group);
    return { inputs, outputs, weights: outputs * inputs };
  });
  const linears = linearsOf(config).map((linear) => {
    const [rows, columns] = linearShape(config, linear);
    return rows * columns;
  });
  const [attention, , mlp, hidden] = groups;
  const through = groups.reduce((sum, { inputs, outputs }) => sum + inputs + outputs, 0);
  // Inputs and outputs of the linear layers; q, k and v by heads; the layer's input, attention's output and the residual.
  const forward = through + attention.outputs + 3 * config.hiddenSize;
  // The gradients of the same, but for what the forward pass was given.
  const backward =
    hidden.inputs + mlp.outputs + 2 * attention.outputs + attention.outputs + 8 * config.hiddenSize;
  let allWeights = 0;
  for (const [, shape] of expectedTensors(config))
    allWeights += shape.reduce((product, length) => product * length, 1);
  return {
    groups,
    layerWeights: groups.reduce((sum, { weights }) => sum + weights, 0),
    largestLinear: Math.max(...linears),
    allWeights,
    headWeights: config.vocabSize * config.hiddenSize,
    forwardBytesPerToken: FLOAT * forward,
    backwardBytesPerToken: FLOAT * (forward + backward),
  };
}
