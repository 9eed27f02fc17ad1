import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import {
  embeddingWeight,
  finalNormNames,
  hasBias,
  LAYER_NORMS,
  type LayerNorm,
  LM_HEAD,
  linearBias,
  linearShape,
  linearWeight,
  normNames,
  normsOf,
  type ParameterNames,
} from '../checkpoint/weight-names.ts';
import type { HeadWeights } from '../model/cross-entropy.ts';
import type { DecoderLayerWeights, LinearWeights } from '../model/decoder-layer.ts';
import { groupLinears, groupShape, INPUT_GROUPS, type InputGroup } from '../model/input-groups.ts';
import type { NormWeights } from '../model/norm.ts';
import { giveMemoryBackBefore } from '../tensor/give-back.ts';
import { dispose, type Tensor, tensor1d } from '../tensor/ops.ts';
import { makeRoomFor } from '../tensor/reclaim.ts';
import { uploadMatrix } from '../tensor/upload.ts';
import { ReadAhead } from './read-ahead.ts';

/** Bytes a weight that reading it in makes: as stored, part by part, and converted. */
const AS_READ = 2 + 4;

/** A norm, or linear layers that share an input, in memory. */
export interface HostParameters {
  readonly weight: Float32Array;
  readonly bias: Float32Array | null;
}

/** A decoder layer on the device, to be disposed of by the caller. */
export interface LoadedLayer {
  readonly layer: number;
  readonly weights: DecoderLayerWeights;
}

/**
 * Loads decoder layers onto the device one after the other in the given order; while one is at work the next is
 * read from the disk into the system's page cache. One layer is in memory, whatever the depth. Each is disposed of on the
 * next step.
 */
export async function* streamLayers(
  checkpoint: Checkpoint,
  order: readonly number[],
): AsyncGenerator<LoadedLayer> {
  for (const [i, layer] of order.entries()) {
    const weights = await loadLayer(checkpoint, layer);
    const isAhead = i + 1 < order.length && !checkpoint.isHeld;
    const ahead = isAhead ? new ReadAhead(checkpoint, order[i + 1]) : null;
    try {
      yield { layer, weights };
    } finally {
      disposeLayer(weights);
      await ahead?.stop();
    }
  }
}

type LayerNorms = Record<LayerNorm, NormWeights | null>;
/** Every family has these two. */
type PresentNorms = LayerNorms & Record<'inputNorm' | 'mlpInputNorm', NormWeights>;

/** A group of linear layers at a time, so that beside the device no more than the largest of them is in memory. */
async function loadLayer(checkpoint: Checkpoint, layer: number): Promise<DecoderLayerWeights> {
  const { config } = checkpoint;
  const matrices = INPUT_GROUPS.map((group) => groupShape(config, group));
  giveMemoryBackBefore(4 * Math.max(...matrices.map(([rows, columns]) => rows * columns)));
  const loaded: Tensor[] = [];
  const onDevice = <T extends Tensor>(tensor: T): T => {
    loaded.push(tensor);
    return tensor;
  };
  try {
    const norms = Object.fromEntries(LAYER_NORMS.map((norm) => [norm, null])) as LayerNorms;
    for (const norm of normsOf(config)) {
      const { weight, bias } = await readNorm(checkpoint, normNames(config, layer, norm));
      norms[norm] = {
        weight: onDevice(tensor1d(weight)),
        bias: bias && onDevice(tensor1d(bias)),
        eps: config.norm.eps,
      };
    }
    const groups = {} as Record<InputGroup, LinearWeights>;
    for (const group of INPUT_GROUPS) {
      const { weight, bias } = await readGroup(checkpoint, layer, group);
      groups[group] = {
        weight: onDevice(uploadMatrix(weight, groupShape(config, group))),
        bias: bias && onDevice(tensor1d(bias)),
      };
    }
    return { ...(norms as PresentNorms), ...groups, attentionKind: config.kindOfLayer[layer] };
  } catch (error) {
    dispose(loaded);
    throw error;
  }
}

/** Joins the weights (and biases) of the linear layers that share an input, row after row. */
async function readGroup(checkpoint: Checkpoint, layer: number, group: InputGroup): Promise<HostParameters> {
  const { config } = checkpoint;
  const linears = groupLinears(config, group);
  const [rows, columns] = groupShape(config, group);
  makeRoomFor((4 + AS_READ) * rows * columns);
  const weight = new Float32Array(rows * columns);
  const bias = hasBias(config, linears[0]) ? new Float32Array(rows) : null;
  let row = 0;
  for (const linear of linears) {
    weight.set(await checkpoint.readFloat32(linearWeight(config, layer, linear)), row * columns);
    bias?.set(await checkpoint.readFloat32(linearBias(config, layer, linear)), row);
    row += linearShape(config, linear)[0];
  }
  return { weight, bias };
}

/** A norm's weight as it multiplies: some families store what it is more than 1. */
export async function readNorm(checkpoint: Checkpoint, names: ParameterNames): Promise<HostParameters> {
  const { norm } = checkpoint.config;
  const weight = await checkpoint.readFloat32(names.weight);
  const offset = norm.kind === 'rms' ? norm.offset : 0;
  return {
    weight: offset === 0 ? weight : weight.map((value) => offset + value),
    bias: names.bias === null ? null : await checkpoint.readFloat32(names.bias),
  };
}

export const uploadNorm = (
  { norm }: Checkpoint['config'],
  { weight, bias }: HostParameters,
): NormWeights => ({
  weight: tensor1d(weight),
  bias: bias && tensor1d(bias),
  eps: norm.eps,
});

const disposeLayer = (weights: DecoderLayerWeights): void => dispose({ ...weights });

/** Loads the final norm and the language-model head (the embedding where they are tied). */
export async function loadHead(checkpoint: Checkpoint): Promise<HeadWeights> {
  const { config } = checkpoint;
  const name = config.tieWordEmbeddings ? embeddingWeight(config) : LM_HEAD;
  const norm = await readNorm(checkpoint, finalNormNames(config));
  giveMemoryBackBefore(4 * config.vocabSize * config.hiddenSize);
  makeRoomFor(AS_READ * config.vocabSize * config.hiddenSize);
  const weight = await checkpoint.readFloat32(name);
  return {
    norm: uploadNorm(config, norm),
    weight: uploadMatrix(weight, [config.vocabSize, config.hiddenSize]),
    softcap: config.logitSoftcap,
  };
}

export function disposeHead({ norm, weight }: HeadWeights): void {
  dispose([{ ...norm }, weight]);
}
