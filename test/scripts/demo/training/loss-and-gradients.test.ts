import { beforeAll, describe, expect, it } from 'vitest';
import { addLossGradients, meanLoss } from '../../../../scripts/demo/training/loss-and-gradients.ts';
import { disposeModel, uploadModel } from '../../../../scripts/demo/training/model-on-device.ts';
import {
  initialParameters,
  listParameters,
  type ModelParameters,
  zerosLike,
} from '../../../../scripts/demo/training/model-parameters.ts';
import { standardNormal } from '../../../../scripts/demo/training/standard-normal.ts';
import { seededRandom } from '../../../../src/engine/calibration/random.ts';
import { disposePositions, positionsOf } from '../../../../src/engine/model/positions.ts';
import { openBackend } from '../../../../src/engine/tensor/backend.ts';
import { memory } from '../../../../src/engine/tensor/ops.ts';
import { toyBatch, toyConfig, toySegments } from './toy-batch.ts';

/** In the order of `listParameters`. */
const names = [
  'embedding',
  ...[0, 1].flatMap((layer) =>
    ['inputNorm', 'postAttentionNorm', 'attentionInput', 'attentionOutput', 'mlpInput', 'mlpHidden'].map(
      (name) => `layer ${layer} ${name}`,
    ),
  ),
  'finalNorm',
];

describe('addLossGradients', () => {
  beforeAll(async () => void (await openBackend('cpu')));

  it.each(names.map((name, i) => [name, i] as const))('%s agrees with a central difference', (_, i) => {
    const { parameters, gradients, loss } = toyGradients();
    const { values } = listParameters(parameters)[i];
    const gradient = listParameters(gradients)[i].values;
    const start = values.slice();
    // Along the gradient itself, its slope is its length: any missing or wrong part makes the slope another one.
    const length = Math.hypot(...gradient);
    const step = 0.005;
    const move = (distance: number) => {
      for (let k = 0; k < values.length; k++) values[k] = start[k] + (distance * gradient[k]) / length;
      return loss();
    };
    const slope = (move(step) - move(-step)) / (2 * step);
    expect(length).toBeGreaterThan(1e-3);
    expect(Math.abs(slope - length) / length).toBeLessThan(0.01);
  });

  it('returns the mean loss, adds to what is there and leaves nothing on the device', () => {
    const { parameters, gradients, loss } = toyGradients();
    const once = listParameters(gradients).map(({ values }) => values.slice());
    const model = uploadModel(toyConfig, parameters);
    const positions = positionsOf(toyConfig, toySegments);
    const before = memory().numTensors;
    const returned = addLossGradients(toyConfig, parameters, model, toyBatch, positions, gradients);
    expect(memory().numTensors).toBe(before);
    expect(returned).toBeCloseTo(loss(), 6);
    for (const [i, { values }] of listParameters(gradients).entries()) {
      expect(Math.hypot(...values.map((value, k) => value - 2 * once[i][k]))).toBeLessThan(1e-4);
    }
    disposePositions(positions);
    disposeModel(model);
  });
});

/** A toy model with weights large enough that every path matters, its gradients, and its loss as a function of them. */
function toyGradients() {
  const random = seededRandom(7, 'toy');
  const parameters = initialParameters(toyConfig, random);
  for (const { values } of listParameters(parameters)) {
    for (let k = 0; k < values.length; k++) values[k] += 0.3 * standardNormal(random);
  }
  const gradients = zerosLike(parameters);
  onDevice(parameters, (model, positions) =>
    addLossGradients(toyConfig, parameters, model, toyBatch, positions, gradients),
  );
  const loss = () =>
    onDevice(parameters, (model, positions) => meanLoss(toyConfig, model, toyBatch, positions));
  return { parameters, gradients, loss };
}

function onDevice(
  parameters: ModelParameters,
  work: (model: ReturnType<typeof uploadModel>, positions: ReturnType<typeof positionsOf>) => number,
): number {
  const model = uploadModel(toyConfig, parameters);
  const positions = positionsOf(toyConfig, toySegments);
  const result = work(model, positions);
  disposePositions(positions);
  disposeModel(model);
  return result;
}
