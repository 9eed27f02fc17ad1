import { hasFusedKernels, headExponentials } from '../tensor/fused-kernels.ts';
import {
  add,
  div,
  exp,
  gather,
  log,
  matMul,
  max,
  mul,
  reshape,
  slice,
  square,
  sub,
  sum,
  type Tensor1D,
  type Tensor2D,
  tanh,
  tensor1d,
  tidy,
  zeros,
} from '../tensor/ops.ts';
import { readFloats, takeFloats } from '../tensor/read.ts';
import { linearForward } from './linear.ts';
import { type NormWeights, normBackward, normForward } from './norm.ts';

/** The final norm and the language-model head on the device; `weight` is [vocabSize, hiddenSize]. */
export interface HeadWeights {
  readonly norm: NormWeights;
  readonly weight: Tensor2D;
  /** Logits z become c·tanh(z/c); null: they stay. */
  readonly softcap: number | null;
}

/** Whether a kernel goes over the vocabulary, so that the logits never exist. */
const isFused = ({ softcap }: HeadWeights): boolean => hasFusedKernels() && softcap === null;

/** Hidden states exist in so many copies that a chunk of tokens has so many elements of them at most: 8 MiB. */
const HIDDEN_AT_ONCE = 1 << 21;

/**
 * Elsewhere logits exist for so many elements at a time, whatever the vocabulary and the token count: 64 MiB where our own kernels
 * multiply, as the head's weight is then laid out seldom; else 32 MiB.
 */
const logitsAtOnce = (): number => (hasFusedKernels() ? 1 << 24 : 1 << 23);

/** logits = norm(hidden) Wᵀ, soft-capped where the model does so; [N, vocabSize]. */
export function headLogits(head: HeadWeights, hidden: Tensor2D): Tensor2D {
  return tidy(() => capped(head, linearForward(normForward(hidden, head.norm), head.weight)));
}

/**
 * Cross-entropy of each token's target, −log softmax(logits)[target], in nats; [N].
 * @param hidden the last decoder layer's output, [N, hiddenSize]
 */
export function tokenCrossEntropy(head: HeadWeights, hidden: Tensor2D, targets: Int32Array): Float32Array {
  const losses = new Float32Array(targets.length);
  for (const { begin, end } of tokenChunks(head, targets.length)) {
    const loss = tidy(() => chunkLoss(head, hidden, targets, { begin, end }, false).loss);
    losses.set(takeFloats(loss), begin);
  }
  return losses;
}

export interface LossAndGradient {
  /** Cross-entropy of each token, nats; [N]. */
  readonly losses: Float32Array;
  /** Gradient of Σ tokenWeights · losses at `hidden`, [N, hiddenSize]. */
  readonly dHidden: Float32Array;
}

/**
 * Loss and its gradient at the last decoder layer's output. With P = softmax(logits), the gradient at the normed
 * hidden state is tokenWeight · (P W − W[target]), so the [N, vocabSize] gradient of the logits is never formed. Where logits are
 * capped to z, each row of W counts 1 − (z/c)² in it.
 * @param tokenWeights what each token's loss counts in the total; 0 for a token without a target
 */
export function crossEntropyBackward(
  head: HeadWeights,
  hidden: Tensor2D,
  targets: Int32Array,
  tokenWeights: Float32Array,
): LossAndGradient {
  const width = hidden.shape[1];
  const losses = new Float32Array(targets.length);
  const dHidden = new Float32Array(targets.length * width);
  for (const { begin, end } of tokenChunks(head, targets.length)) {
    tidy(() => {
      const { chunk, target, targetLogit, weighed, total, loss } = chunkLoss(
        head,
        hidden,
        targets,
        { begin, end },
        true,
      );
      const expected = div(weighed, total); // P W, [n, hiddenSize]
      const weights = reshape(tensor1d(tokenWeights.subarray(begin, end)), [-1, 1]);
      const dNormalized = mul(sub(expected, throughCap(head, targetLogit, target)), weights) as Tensor2D;
      losses.set(readFloats(loss), begin);
      const dChunk = normBackward(chunk, head.norm, dNormalized, null);
      dHidden.set(readFloats(dChunk), begin * width);
    });
  }
  return { losses, dHidden };
}

/** c·tanh(z/c) of logits z. */
const capped = ({ softcap: cap }: HeadWeights, logits: Tensor2D): Tensor2D =>
  cap === null ? logits : (mul(tanh(mul(logits, 1 / cap)), cap) as Tensor2D);

/** x times the slope of the cap at capped logits z, 1 − (z/c)². */
const throughCap = ({ softcap: cap }: HeadWeights, logits: Tensor2D, x: Tensor2D): Tensor2D =>
  cap === null ? x : (mul(x, sub(1, square(mul(logits, 1 / cap)))) as Tensor2D);

interface Chunk {
  readonly begin: number;
  readonly end: number;
}

/**
 * Of a chunk's tokens: hidden states, W[target] [n, hiddenSize], the target's logit [n, 1], Σ exp(logit − max), alone [n, 1] and of
 * W's rows through the cap [n, hiddenSize], and loss [n].
 */
function chunkLoss(
  head: HeadWeights,
  hidden: Tensor2D,
  targets: Int32Array,
  { begin, end }: Chunk,
  isWeighed: boolean,
) {
  const chunk = slice(hidden, [begin, 0], [end - begin, hidden.shape[1]]);
  const normalized = normForward(chunk, head.norm);
  const { largest, total, weighed } = isFused(head)
    ? headExponentials(normalized, head.weight, isWeighed)
    : composedExponentials(head, normalized, isWeighed);
  const target = gather(head.weight, tensor1d(targets.subarray(begin, end), 'int32')) as Tensor2D;
  const targetLogit = capped(head, sum(mul(normalized, target), 1, true) as Tensor2D);
  const loss = reshape(sub(add(largest, log(total)), targetLogit), [-1]) as Tensor1D;
  return { chunk, target, targetLogit, weighed, total, loss };
}

/** What `headExponentials` gives, of capped logits too; where it is not weighed, `weighed` has no rows. */
function composedExponentials(head: HeadWeights, normalized: Tensor2D, isWeighed: boolean) {
  return tidy(() => {
    const logits = capped(head, matMul(normalized, head.weight, false, true));
    const largest = max(logits, 1, true) as Tensor2D;
    const exponentials = exp(sub(logits, largest)) as Tensor2D;
    const total = sum(exponentials, 1, true) as Tensor2D;
    const weighed = isWeighed
      ? matMul(throughCap(head, logits, exponentials), head.weight)
      : (zeros([0, head.weight.shape[1]]) as Tensor2D);
    return { largest, total, weighed };
  });
}

function* tokenChunks(head: HeadWeights, tokens: number): Generator<Chunk> {
  const [vocabulary, width] = head.weight.shape;
  const most = isFused(head) ? HIDDEN_AT_ONCE / width : logitsAtOnce() / vocabulary;
  const step = Math.max(1, Math.floor(most));
  for (let begin = 0; begin < tokens; begin += step) yield { begin, end: Math.min(tokens, begin + step) };
}
