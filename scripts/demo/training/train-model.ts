import type { Random } from '../../../src/engine/calibration/random.ts';
import type { ModelConfig } from '../../../src/engine/checkpoint/config.ts';
import { disposePositions, type Positions, positionsOf } from '../../../src/engine/model/positions.ts';
import { type AdamWOptions, adamWStep, type Moments } from './adam-w.ts';
import { learningRateShare } from './learning-rate.ts';
import { addLossGradients, type Batch, meanLoss } from './loss-and-gradients.ts';
import { disposeModel, uploadModel } from './model-on-device.ts';
import { initialParameters, listParameters, type ModelParameters, zerosLike } from './model-parameters.ts';
import { type DomainTokens, inOrder, tokenBatches } from './token-batches.ts';

export interface TrainingOptions {
  readonly steps: number;
  readonly warmupSteps: number;
  readonly sequenceLength: number;
  readonly optimizer: AdamWOptions;
  /** Gradients longer than this, over all parameters, are shortened to it. */
  readonly maxGradientNorm: number;
  readonly measureEvery: number;
  readonly measuredSequences: number;
}

/** A domain to learn; `heldOut` is only measured. */
export interface TrainingDomain extends DomainTokens {
  readonly name: string;
  readonly heldOut: Int32Array;
}

export interface TrainingPoint {
  readonly step: number;
  readonly tokens: number;
  /** Mean cross-entropy of the batch, nats. */
  readonly trainingLoss: number;
  /** By domain, over the first sequences of its held-out tokens. */
  readonly heldOutPerplexity: Record<string, number>;
}

/** Trains a model from nothing; calls `onPoint` with every point of the curve. */
export function trainModel(
  config: ModelConfig,
  domains: readonly TrainingDomain[],
  options: TrainingOptions,
  random: Random,
  onPoint: (point: TrainingPoint) => void,
): ModelParameters {
  const parameters = initialParameters(config, random);
  const first = zerosLike(parameters);
  const second = zerosLike(parameters);
  const batches = tokenBatches(domains, options.sequenceLength, random);
  const perBatch = domains.reduce((total, { sequencesABatch }) => total + sequencesABatch, 0);
  const positions = sequencePositions(config, options.sequenceLength, perBatch);

  for (let step = 1; step <= options.steps; step++) {
    const batch = batches.next().value as Batch;
    const gradients = zerosLike(parameters);
    const model = uploadModel(config, parameters);
    const trainingLoss = addLossGradients(config, parameters, model, batch, positions, gradients);
    disposeModel(model);
    updateParameters(parameters, gradients, { first, second }, step, options);
    if (step % options.measureEvery === 0 || step === options.steps) {
      onPoint({
        step,
        tokens: step * batch.inputIds.length,
        trainingLoss,
        heldOutPerplexity: heldOutPerplexity(config, parameters, domains, options),
      });
    }
  }
  disposePositions(positions);
  return parameters;
}

/** One AdamW step on clipped gradients; only matrices decay. */
function updateParameters(
  parameters: ModelParameters,
  gradients: ModelParameters,
  moments: { first: ModelParameters; second: ModelParameters },
  step: number,
  { optimizer, maxGradientNorm, warmupSteps, steps }: TrainingOptions,
): void {
  const learningRate = optimizer.learningRate * learningRateShare(step, warmupSteps, steps);
  const slopes = listParameters(gradients);
  const first = listParameters(moments.first);
  const second = listParameters(moments.second);
  const scale = Math.min(
    1,
    maxGradientNorm / Math.sqrt(slopes.reduce((sum, { values }) => sum + squares(values), 0)),
  );
  for (const [i, { shape, values }] of listParameters(parameters).entries()) {
    const own: Moments = { first: first[i].values, second: second[i].values };
    const weightDecay = shape.length > 1 ? optimizer.weightDecay : 0;
    adamWStep(values, slopes[i].values, own, step, { ...optimizer, learningRate, weightDecay }, scale);
  }
}

const squares = (values: Float32Array): number => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * values[i];
  return sum;
};

function heldOutPerplexity(
  config: ModelConfig,
  parameters: ModelParameters,
  domains: readonly TrainingDomain[],
  { sequenceLength, measuredSequences }: TrainingOptions,
): Record<string, number> {
  const model = uploadModel(config, parameters);
  const positions = sequencePositions(config, sequenceLength, measuredSequences);
  const measured = domains.map(({ name, heldOut }) => {
    const batch = inOrder(heldOut, sequenceLength, measuredSequences);
    return [name, Math.exp(meanLoss(config, model, batch, positions))] as const;
  });
  disposePositions(positions);
  disposeModel(model);
  return Object.fromEntries(measured);
}

const sequencePositions = (config: ModelConfig, length: number, count: number): Positions =>
  positionsOf(
    config,
    Array.from({ length: count }, (_, i) => ({ start: i * length, length })),
  );
