import { expect, it } from 'vitest';
import type { ModelConfig } from '../../../src/engine/checkpoint/config.ts';
import {
  type DecoderLayerWeights,
  decoderLayerBackward,
  decoderLayerForward,
  decoderLayerOutput,
  rowsOf,
} from '../../../src/engine/model/decoder-layer.ts';
import { groupShape, INPUT_GROUPS, type InputGroup } from '../../../src/engine/model/input-groups.ts';
import { disposePositions, positionsOf } from '../../../src/engine/model/positions.ts';
import type { Segment } from '../../../src/engine/model/segments.ts';
import { dispose, matMul, memory, tidy } from '../../../src/engine/tensor/ops.ts';
import { readFloats, takeFloats } from '../../../src/engine/tensor/read.ts';
import { expectClose } from '../closeness.ts';
import { describeOnEachBackend } from '../each-backend.ts';
import { randomValues } from '../random-values.ts';
import { matrixOf, vectorOf } from './device.ts';
import {
  attention,
  dot,
  everyIndex,
  finiteDifferences,
  linear,
  type Matrix,
  rmsNorm,
  rotate,
  swiglu,
} from './reference.ts';
import { TINY_EPS, TINY_THETA, tinyConfig } from './tiny-config.ts';

interface HostLayer {
  readonly inputNorm: Matrix;
  readonly mlpInputNorm: Matrix;
  readonly groups: Record<InputGroup, { weight: Matrix; bias: Matrix | null }>;
}

function randomLayer(config: ModelConfig, biased: boolean): HostLayer {
  const groups = {} as HostLayer['groups'];
  for (const [i, group] of INPUT_GROUPS.entries()) {
    const [outputs, inputs] = groupShape(config, group);
    const weight = randomValues(outputs * inputs, 10 + i).map((value) => value / Math.sqrt(inputs / 4));
    groups[group] = { weight, bias: biased ? randomValues(outputs, 20 + i) : null };
  }
  const norm = (seed: number) => randomValues(config.hiddenSize, seed).map((value) => 1 + 0.5 * value);
  return { inputNorm: norm(30), mlpInputNorm: norm(31), groups };
}

/** One sample through the layer, in plain loops. */
function referenceOutput(config: ModelConfig, layer: HostLayer, x: Matrix): Matrix {
  const { hiddenSize, numAttentionHeads: heads, numKeyValueHeads: keyValueHeads, headDim } = config;
  const apply = (group: InputGroup, input: Matrix) =>
    linear(input, layer.groups[group].weight, groupShape(config, group)[1], layer.groups[group].bias);
  const qkv = apply('attentionInput', rmsNorm(x, layer.inputNorm, TINY_EPS));
  const width = (heads + 2 * keyValueHeads) * headDim;
  const columns = (begin: number, count: number) =>
    qkv.filter((_, i) => i % width >= begin && i % width < begin + count);
  const rotated = (begin: number, of: number) =>
    rotate(columns(begin, of * headDim), of, headDim, TINY_THETA);
  const attended = attention(
    rotated(0, heads),
    rotated(heads * headDim, keyValueHeads),
    columns((heads + keyValueHeads) * headDim, keyValueHeads * headDim),
    { heads, keyValueHeads, headDim, slidingWindow: config.attentionKinds[0].slidingWindow },
  );
  const projected = apply('attentionOutput', attended);
  const residual = x.map((value, i) => value + projected[i]);
  const gateUp = apply('mlpInput', rmsNorm(residual, layer.mlpInputNorm, TINY_EPS));
  const down = apply('mlpHidden', swiglu(gateUp, config.intermediateSize));
  expect(down).toHaveLength((x.length / hiddenSize) * hiddenSize);
  return residual.map((value, i) => value + down[i]);
}

function upload(config: ModelConfig, layer: HostLayer): DecoderLayerWeights {
  const group = (name: InputGroup) => {
    const { weight, bias } = layer.groups[name];
    return { weight: matrixOf(weight, groupShape(config, name)[1]), bias: bias && vectorOf(bias) };
  };
  const norm = (weight: Matrix) => ({ weight: vectorOf(weight), bias: null, eps: TINY_EPS });
  return {
    inputNorm: norm(layer.inputNorm),
    mlpInputNorm: norm(layer.mlpInputNorm),
    ...{ queryNorm: null, keyNorm: null, attentionOutputNorm: null, mlpOutputNorm: null },
    attentionKind: 0,
    attentionInput: group('attentionInput'),
    attentionOutput: group('attentionOutput'),
    mlpInput: group('mlpInput'),
    mlpHidden: group('mlpHidden'),
  };
}

const segments: readonly Segment[] = [
  { start: 0, length: 6 },
  { start: 6, length: 1 },
  { start: 7, length: 4 },
];
const variants = [
  { name: 'a LLaMA layer', config: tinyConfig(), biased: false },
  {
    name: 'with biases',
    config: tinyConfig(),
    biased: true,
  },
  { name: 'with a sliding window', config: tinyConfig({}, { slidingWindow: 3 }), biased: false },
  { name: 'with heads wider than the hidden size', config: tinyConfig({ headDim: 6 }), biased: false },
  {
    name: 'with as many key/value heads as query heads',
    config: tinyConfig({ numKeyValueHeads: 4 }),
    biased: false,
  },
].map((variant) => {
  const { config } = variant;
  const layer = randomLayer(config, variant.biased);
  const x = randomValues(11 * config.hiddenSize, 1);
  const dOutput = randomValues(x.length, 2);
  const sampleOf = (values: Matrix, { start, length }: Segment) =>
    values.subarray(start * config.hiddenSize, (start + length) * config.hiddenSize);
  const lossOf = (segment: Segment) =>
    dot(sampleOf(dOutput, segment), referenceOutput(config, layer, sampleOf(x, segment)));
  const loss = () => segments.reduce((total, segment) => total + lossOf(segment), 0);
  const weightGradients = segments.map((segment) =>
    INPUT_GROUPS.map((group) => {
      const { weight } = layer.groups[group];
      return finiteDifferences(() => lossOf(segment), weight, everyIndex(weight));
    }),
  );
  const output = segments.flatMap((segment) => [...referenceOutput(config, layer, sampleOf(x, segment))]);
  return {
    ...variant,
    layer,
    x,
    dOutput,
    output,
    weightGradients,
    dInput: finiteDifferences(loss, x, everyIndex(x)),
  };
});

describeOnEachBackend('a decoder layer', () => {
  it.each(variants)('$name: output, input gradient and each sample’s weight gradients', (variant) => {
    const { config, x, dOutput } = variant;
    tidy(() => {
      const weights = upload(config, variant.layer);
      const positions = positionsOf(config, segments);
      const activations = decoderLayerForward(config, weights, matrixOf(x, config.hiddenSize), positions);
      expectClose(readFloats(decoderLayerOutput(weights, activations)), variant.output, 2e-6, 'output');

      const upstream = matrixOf(dOutput, config.hiddenSize);
      const { input, outputs } = decoderLayerBackward(config, weights, activations, positions, upstream);
      expectClose(readFloats(input), variant.dInput, 1e-5, 'dX');
      for (const [s, segment] of segments.entries()) {
        for (const [g, group] of INPUT_GROUPS.entries()) {
          const gradient = matMul(
            rowsOf(outputs[group], segment),
            rowsOf(activations[group], segment),
            true,
            false,
          );
          const expected = variant.weightGradients[s][g];
          const scale = Math.max(...variant.weightGradients.flatMap((of) => [...of[g]]).map(Math.abs));
          const found = readFloats(gradient);
          const apart = Math.max(...found.map((value, i) => Math.abs(value - expected[i])));
          expect(apart, `sample ${s}, ${group}`).toBeLessThan(1e-5 * scale);
        }
      }
    });
  });

  it('leaves only its results', () => {
    const [{ config, layer, x, dOutput }] = variants;
    tidy(() => {
      const weights = upload(config, layer);
      const [input, upstream] = [matrixOf(x, config.hiddenSize), matrixOf(dOutput, config.hiddenSize)];
      const before = memory().numTensors;
      const positions = positionsOf(config, segments);
      const activations = decoderLayerForward(config, weights, input, positions);
      takeFloats(decoderLayerOutput(weights, activations));
      const gradients = decoderLayerBackward(config, weights, activations, positions, upstream);
      const { input: x0, ...others } = { ...activations };
      expect(x0).toBe(input);
      dispose(others);
      dispose(gradients.input);
      dispose({ ...gradients.outputs });
      disposePositions(positions);
      expect(upstream.isDisposed, 'the gradient at the output is the down projection’s dY').toBe(true);
      expect(memory().numTensors).toBe(before - 1);
    });
  });
});
