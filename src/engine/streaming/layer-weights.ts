import { UserError } from '../../contract/error.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import {
  EMBEDDING,
  FINAL_NORM,
  hasBias,
  inputNorm,
  LM_HEAD,
  linearBias,
  linearShape,
  linearWeight,
  postAttentionNorm,
} from '../checkpoint/weight-names.ts';
import type { HeadWeights } from '../model/cross-entropy.ts';
import type { DecoderLayerWeights } from '../model/decoder-layer.ts';
import { GROUP_LINEARS, groupShape, INPUT_GROUPS, type InputGroup } from '../model/input-groups.ts';
import { dispose, tensor1d, tensor2d } from '../tensor/ops.ts';

/** A decoder layer's weights in memory, not yet on the device. */
interface HostLayer {
  readonly inputNorm: Float32Array<ArrayBuffer>;
  readonly postAttentionNorm: Float32Array<ArrayBuffer>;
  readonly groups: Record<InputGroup, { weight: Float32Array; bias: Float32Array | null }>;
}

/** A decoder layer on the device, to be disposed of by the caller. */
export interface LoadedLayer {
  readonly layer: number;
  readonly weights: DecoderLayerWeights;
}

/**
 * Loads decoder layers onto the device one after the other in the given order; while one is at work the next is
 * read from the disk. At most two layers are in memory, whatever the depth. Each is disposed of on the next step.
 */
export async function* streamLayers(
  checkpoint: Checkpoint,
  order: readonly number[],
): AsyncGenerator<LoadedLayer> {
  let next = order.length > 0 ? readLayer(checkpoint, order[0]) : null;
  for (const [i, layer] of order.entries()) {
    const host = await (next as Promise<HostLayer>);
    const weights = upload(checkpoint, host);
    next = i + 1 < order.length ? readLayer(checkpoint, order[i + 1]) : null;
    next?.catch(() => {}); // reported when awaited; until then not an unhandled rejection
    try {
      yield { layer, weights };
    } finally {
      disposeLayer(weights);
    }
  }
}

async function readLayer(checkpoint: Checkpoint, layer: number): Promise<HostLayer> {
  const groups = {} as Record<InputGroup, { weight: Float32Array; bias: Float32Array | null }>;
  for (const group of INPUT_GROUPS) groups[group] = await readGroup(checkpoint, layer, group);
  return {
    inputNorm: await checkpoint.readFloat32(inputNorm(layer)),
    postAttentionNorm: await checkpoint.readFloat32(postAttentionNorm(layer)),
    groups,
  };
}

/** Joins the weights (and biases) of the linear layers that share an input, row after row. */
async function readGroup(checkpoint: Checkpoint, layer: number, group: InputGroup) {
  const { config } = checkpoint;
  const [rows, columns] = groupShape(config, group);
  const weight = new Float32Array(rows * columns);
  const bias = hasBias(config, GROUP_LINEARS[group][0]) ? new Float32Array(rows) : null;
  let row = 0;
  for (const linear of GROUP_LINEARS[group]) {
    weight.set(await checkpoint.readFloat32(linearWeight(layer, linear)), row * columns);
    bias?.set(await checkpoint.readFloat32(linearBias(layer, linear)), row);
    row += linearShape(config, linear)[0];
  }
  return { weight, bias };
}

function upload({ config }: Checkpoint, host: HostLayer): DecoderLayerWeights {
  const group = (name: InputGroup) => {
    const { weight, bias } = host.groups[name];
    return { weight: tensor2d(weight, groupShape(config, name)), bias: bias && tensor1d(bias) };
  };
  return {
    inputNorm: tensor1d(host.inputNorm),
    postAttentionNorm: tensor1d(host.postAttentionNorm),
    attentionInput: group('attentionInput'),
    attentionOutput: group('attentionOutput'),
    mlpInput: group('mlpInput'),
    mlpHidden: group('mlpHidden'),
  };
}

function disposeLayer(weights: DecoderLayerWeights): void {
  dispose([weights.inputNorm, weights.postAttentionNorm]);
  for (const group of INPUT_GROUPS) {
    weights[group].weight.dispose();
    weights[group].bias?.dispose();
  }
}

/** Loads the final norm and the language-model head (the embedding where they are tied). */
export async function loadHead(checkpoint: Checkpoint): Promise<HeadWeights> {
  const { config } = checkpoint;
  const name = config.tieWordEmbeddings ? EMBEDDING : LM_HEAD;
  const norm = await checkpoint.readFloat32(FINAL_NORM);
  const weight = await checkpoint.readFloat32(name);
  return {
    norm: tensor1d(norm),
    weight: tensor2d(weight, [config.vocabSize, config.hiddenSize]),
    rmsNormEps: config.rmsNormEps,
  };
}

export function disposeHead({ norm, weight }: HeadWeights): void {
  dispose([norm, weight]);
}

/**
 * What looks up the embeddings of token ids, [N, hiddenSize]. The table is read once.
 * @throws UserError TOKEN_OUTSIDE_VOCABULARY
 */
export async function openEmbedding(
  checkpoint: Checkpoint,
): Promise<(inputIds: Int32Array) => Float32Array<ArrayBuffer>> {
  const { hiddenSize, vocabSize } = checkpoint.config;
  const table = await checkpoint.readFloat32(EMBEDDING);
  return (inputIds) => {
    assertInVocabulary(inputIds, vocabSize);
    const rows = new Float32Array(inputIds.length * hiddenSize);
    for (const [i, id] of inputIds.entries()) {
      rows.set(table.subarray(id * hiddenSize, (id + 1) * hiddenSize), i * hiddenSize);
    }
    return rows;
  };
}

/** Looks up the embeddings of each list of token ids. @throws UserError TOKEN_OUTSIDE_VOCABULARY */
export async function embedTokens(
  checkpoint: Checkpoint,
  inputIds: readonly Int32Array[],
): Promise<Float32Array<ArrayBuffer>[]> {
  return inputIds.map(await openEmbedding(checkpoint));
}

function assertInVocabulary(inputIds: Int32Array, vocabSize: number): void {
  const outside = inputIds.find((id) => id < 0 || id >= vocabSize);
  if (outside === undefined) return;
  throw new UserError(
    'TOKEN_OUTSIDE_VOCABULARY',
    `The texts were tokenized to id ${outside}, but the model knows ids 0 to ${vocabSize - 1} (vocab_size).`,
    'Use the tokenizer files that belong to this model.',
  );
}
