import { beforeAll, describe, expect, it } from 'vitest';
import { listParameters } from '../../../../scripts/demo/training/model-parameters.ts';
import { type TrainingPoint, trainModel } from '../../../../scripts/demo/training/train-model.ts';
import { seededRandom } from '../../../../src/engine/calibration/random.ts';
import { openBackend } from '../../../../src/engine/tensor/backend.ts';
import { memory } from '../../../../src/engine/tensor/ops.ts';
import { toyConfig } from './toy-batch.ts';

/** 0 1 2 … 7 0 1 2 … : after a few steps the next token is certain. */
const cycle = Int32Array.from({ length: 200 }, (_, i) => i % 8);
const options = {
  steps: 60,
  warmupSteps: 5,
  sequenceLength: 8,
  optimizer: { learningRate: 0.03, beta1: 0.9, beta2: 0.95, eps: 1e-8, weightDecay: 0.01 },
  maxGradientNorm: 1,
  measureEvery: 30,
  measuredSequences: 2,
};

function train() {
  const curve: TrainingPoint[] = [];
  const domains = [{ name: 'cycle', tokens: cycle, heldOut: cycle.subarray(3), sequencesABatch: 3 }];
  const parameters = trainModel(toyConfig, domains, options, seededRandom(1, 'toy'), (point) =>
    curve.push(point),
  );
  return { parameters, curve };
}

describe('trainModel', () => {
  beforeAll(async () => void (await openBackend('cpu')));

  it('learns, reports its curve and leaves nothing on the device', () => {
    const before = memory().numTensors;
    const { curve } = train();
    expect(memory().numTensors).toBe(before);
    expect(curve.map(({ step, tokens }) => [step, tokens])).toEqual([
      [30, 720],
      [60, 1440],
    ]);
    expect(curve[1].heldOutPerplexity.cycle).toBeLessThan(1.5);
  });

  it('makes the same weights from the same seed', () => {
    const [one, two] = [train(), train()].map(({ parameters }) => listParameters(parameters));
    expect(one).toEqual(two);
  });
});
