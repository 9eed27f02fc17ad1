import { expect, it } from 'vitest';
import {
  crossEntropyBackward,
  headLogits,
  tokenCrossEntropy,
} from '../../../src/engine/model/cross-entropy.ts';
import { memory, tidy } from '../../../src/engine/tensor/ops.ts';
import { readFloats } from '../../../src/engine/tensor/read.ts';
import { expectClose } from '../closeness.ts';
import { describeOnEachBackend } from '../each-backend.ts';
import { randomValues } from '../random-values.ts';
import { matrixOf, vectorOf } from './device.ts';
import { dot, everyIndex, finiteDifferences, linear, type Matrix, rmsNorm } from './reference.ts';

const EPS = 1e-5;

interface Head {
  readonly softcap?: number | null;
  readonly norm: Matrix;
  readonly weight: Matrix;
}

function referenceLosses(
  { norm, weight, softcap = null }: Head,
  hidden: Matrix,
  targets: Int32Array,
): Matrix {
  const vocabulary = weight.length / norm.length;
  const normed = rmsNorm(hidden, norm, EPS);
  return Float64Array.from(targets, (target, t) => {
    const token = normed.subarray(t * norm.length, (t + 1) * norm.length);
    const raw = linear(token, weight, norm.length);
    const logits = softcap === null ? raw : raw.map((logit) => softcap * Math.tanh(logit / softcap));
    const largest = logits.reduce((most, logit) => Math.max(most, logit), -Infinity);
    let total = 0;
    for (let i = 0; i < vocabulary; i++) total += Math.exp(logits[i] - largest);
    return largest + Math.log(total) - logits[target];
  });
}

const smallHead = (softcap: number | null) => {
  const weight = randomValues(11 * 6, 2).map((value) => 3 * value);
  const head = { norm: randomValues(6, 1), weight, softcap };
  const hidden = randomValues(5 * 6, 3);
  const targets = Int32Array.of(3, 10, 0, 3, 7);
  const tokenWeights = Float64Array.of(0.25, 0.25, 0, 1, 0.5);
  const loss = () => dot(tokenWeights, referenceLosses(head, hidden, targets));
  const dHidden = finiteDifferences(loss, hidden, everyIndex(hidden));
  return { head, hidden, targets, tokenWeights, losses: referenceLosses(head, hidden, targets), dHidden };
};
const small = smallHead(null);
const smallCapped = smallHead(2);

/** 2¹⁶ words: the logits of 128 tokens fill a chunk, so 132 tokens are two, the last not full. */
const large = (() => {
  const head = { norm: randomValues(2, 1), weight: randomValues(2 ** 17, 2).map((value) => 3 * value) };
  const hidden = randomValues(132 * 2, 3);
  const targets = Int32Array.from({ length: 132 }, (_, t) => (t * 7_777) % 2 ** 16);
  return { head, hidden, targets, losses: referenceLosses(head, hidden, targets) };
})();

const deviceHead = ({ norm, weight, softcap = null }: Head) => ({
  norm: { weight: vectorOf(norm), bias: null, eps: EPS },
  weight: matrixOf(weight, norm.length),
  softcap,
});

describeOnEachBackend('the cross-entropy', (backend) => {
  it('gives the logits of the normed hidden states', () => {
    tidy(() => {
      const { head, hidden } = small;
      const expected = linear(rmsNorm(hidden, head.norm, EPS), head.weight, 6);
      expectClose(readFloats(headLogits(deviceHead(head), matrixOf(hidden, 6))), expected, 1e-6, 'logits');
    });
  });

  it('caps the logits softly where the model does', () => {
    tidy(() => {
      const { head, hidden } = smallCapped;
      const raw = linear(rmsNorm(hidden, head.norm, EPS), head.weight, 6);
      const expected = raw.map((logit) => 2 * Math.tanh(logit / 2));
      expectClose(readFloats(headLogits(deviceHead(head), matrixOf(hidden, 6))), expected, 1e-6, 'logits');
    });
  });

  it.each([
    { name: '', head: small },
    { name: ', of capped logits', head: smallCapped },
  ])('gives each token’s loss, and the gradient of their weighted sum at the hidden states$name', (each) => {
    tidy(() => {
      const { head, targets, losses, dHidden, tokenWeights } = each.head;
      const [device, hidden] = [deviceHead(head), matrixOf(each.head.hidden, 6)];
      const before = memory().numTensors;
      expectClose(tokenCrossEntropy(device, hidden, targets), losses, 1e-6, 'losses alone');
      const found = crossEntropyBackward(device, hidden, targets, Float32Array.from(tokenWeights));
      expectClose(found.losses, losses, 1e-6, 'losses');
      expectClose(found.dHidden, dHidden, 1e-5, 'd hidden');
      expect(
        found.dHidden.subarray(12, 18).every((value) => value === 0),
        'a token of no weight',
      ).toBe(true);
      expect(memory().numTensors).toBe(before);
    });
  });

  const tooSlow = backend === 'cpu' ? ' (skipped: too slow on this backend)' : '';
  it.skipIf(tooSlow)(
    `takes tokens in parts when their logits are too many to exist at once${tooSlow}`,
    () => {
      tidy(() => {
        const { head, targets, losses } = large;
        const [device, hidden] = [deviceHead(head), matrixOf(large.hidden, 2)];
        const weights = Float32Array.from(targets, (_, t) => 1 + (t % 3));
        const together = crossEntropyBackward(device, hidden, targets, weights);
        expectClose(together.losses, losses, 1e-5, 'losses');
        for (const t of [0, 127, 128, 131]) {
          const alone = crossEntropyBackward(
            device,
            matrixOf(large.hidden.subarray(2 * t, 2 * t + 2), 2),
            targets.subarray(t, t + 1),
            weights.subarray(t, t + 1),
          );
          expectClose(together.dHidden.subarray(2 * t, 2 * t + 2), alone.dHidden, 1e-4, `token ${t}`);
        }
      });
    },
  );

  it('stays finite with logits far apart', () => {
    tidy(() => {
      const head = { norm: Float64Array.of(1, 1), weight: Float64Array.of(500, 500, -500, -500) };
      const found = crossEntropyBackward(
        deviceHead(head),
        matrixOf(Float64Array.of(1, 1), 2),
        Int32Array.of(1),
        Float32Array.of(1),
      );
      expectClose(found.losses, [2000], 1e-4, 'loss');
      expect(found.dHidden.every(Number.isFinite)).toBe(true);
    });
  });
});
