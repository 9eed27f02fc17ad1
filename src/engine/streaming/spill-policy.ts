import type { ModelConfig } from '../checkpoint/config.ts';
import { ACTIVATION_BYTES, type ActivationFormat } from './activation-format.ts';
import { boundariesAtOnce } from './kept-boundaries.ts';

/** How the activations between layers are kept while texts go forward and backward through a model. */
export interface SpillPolicy {
  /** It depends on the model and the texts alone, as a run's outcome does. */
  readonly format: ActivationFormat;
  /**
   * Each so-manieth boundary is kept; those between are computed again from the one below them when the gradient comes. 1 keeps
   * all. It depends on the disk, and the outcome does not depend on it.
   */
  readonly keepEvery: number;
  /** The most that lies in memory and in the scratch file together. */
  readonly bytes: number;
}

/** What would take more than this in float32 is kept as bfloat16. */
const LARGEST_IN_FLOAT32 = 8 * 2 ** 30;
/** A disk is never filled to its last byte: shards of scores go there too. */
const SHARE_OF_FREE = 0.9;

/** For texts that only go forward, a layer's outputs in the place of its inputs. */
export function forwardPolicy({ hiddenSize }: ModelConfig, tokens: number): SpillPolicy {
  const values = tokens * hiddenSize;
  const format = formatFor(values);
  return { format, keepEvery: 1, bytes: values * ACTIVATION_BYTES[format] };
}

/**
 * For texts that go forward and backward: all boundaries where the disk has room for them, else as many as it has.
 * @param roomBytes memory and disk for them
 */
export function backwardPolicy(config: ModelConfig, tokens: number, roomBytes: number): SpillPolicy {
  const layers = config.numHiddenLayers;
  const values = tokens * config.hiddenSize;
  const format = formatFor(values * (layers + 1));
  const bytesAt = (keepEvery: number) =>
    boundariesAtOnce(layers, keepEvery) * values * ACTIVATION_BYTES[format];
  let best = 1;
  for (let keepEvery = 1; keepEvery <= layers; keepEvery++) {
    if (bytesAt(keepEvery) < bytesAt(best)) best = keepEvery;
    if (bytesAt(keepEvery) <= SHARE_OF_FREE * roomBytes)
      return { format, keepEvery, bytes: bytesAt(keepEvery) };
  }
  return { format, keepEvery: best, bytes: bytesAt(best) };
}

const formatFor = (values: number): ActivationFormat =>
  values * ACTIVATION_BYTES.float32 > LARGEST_IN_FLOAT32 ? 'bfloat16' : 'float32';
