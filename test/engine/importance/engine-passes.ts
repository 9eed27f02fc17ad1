import { tmpdir } from 'node:os';
import type { Checkpoint } from '../../../src/engine/checkpoint/checkpoint.ts';
import { linearWeight } from '../../../src/engine/checkpoint/weight-names.ts';
import { domainPass } from '../../../src/engine/importance/domain-pass.ts';
import { generalPass } from '../../../src/engine/importance/general-pass.ts';
import type { MeanStatistics, Statistic } from '../../../src/engine/importance/gradient-statistics.ts';
import { InputMoments } from '../../../src/engine/importance/hessian.ts';
import { decoderLayerForward, decoderLayerOutput } from '../../../src/engine/model/decoder-layer.ts';
import { groupLinears, INPUT_GROUPS, type InputGroup } from '../../../src/engine/model/input-groups.ts';
import { packSamples } from '../../../src/engine/model/segments.ts';
import { ActivationStore } from '../../../src/engine/streaming/activation-store.ts';
import { streamLayers } from '../../../src/engine/streaming/layer-weights.ts';
import { ProgressMeter } from '../../../src/engine/streaming/progress-meter.ts';
import {
  closeTokenStream,
  loadBoundary,
  openTokenStream,
  type TokenStream,
} from '../../../src/engine/streaming/token-stream.ts';
import { dispose } from '../../../src/engine/tensor/ops.ts';
import { takeFloats } from '../../../src/engine/tensor/read.ts';

/** Remembers everything that was ever written, in order. */
class RecordingStore extends ActivationStore {
  readonly written: { boundary: number; pack: number; values: Float32Array }[] = [];

  override async write(boundary: number, pack: number, values: Float32Array<ArrayBuffer>): Promise<void> {
    this.written.push({ boundary, pack, values: values.slice() });
    await super.write(boundary, pack, values);
  }
}

const LARGE_PACK = 4096;

async function openStream(checkpoint: Checkpoint, samples: readonly Int32Array[], packTokens: number) {
  const store = new RecordingStore(`${tmpdir()}/never-needed`, { memoryBytes: Infinity, format: 'float32' });
  const meter = new ProgressMeter([], () => {});
  return { store, stream: await openTokenStream(checkpoint, packSamples(samples, packTokens), store, meter) };
}

/** G by weight name, and the notes. */
export async function runGeneralPass(checkpoint: Checkpoint, samples: readonly Int32Array[], damping = 0.01) {
  const { stream } = await openStream(checkpoint, samples, LARGE_PACK);
  const importance = new Map<string, Float32Array>();
  const notes: string[] = [];
  for await (const layer of generalPass([{ stream, kept: null }], damping, () => false)) {
    for (const [linear, values] of layer.importance)
      importance.set(linearWeight(checkpoint.config, layer.layer, linear), values.slice());
    notes.push(...layer.notes);
  }
  return { importance, notes };
}

/** Means of the samples' gradients by weight name, the loss, and all that passed through the store. */
export async function runDomainPass(
  checkpoint: Checkpoint,
  samples: readonly Int32Array[],
  statistics: readonly Statistic[],
  packTokens = LARGE_PACK,
  keepEvery = 1,
) {
  const { stream, store } = await openStream(checkpoint, samples, packTokens);
  const means = new Map<string, MeanStatistics>();
  let loss = Number.NaN;
  const onLoss = (value: number) => {
    loss = value;
  };
  for await (const layer of domainPass(stream, {
    text: 'domain',
    statistics,
    keepEvery,
    isFinished: () => false,
    onLoss,
  })) {
    for (const [linear, values] of layer.statistics)
      means.set(linearWeight(checkpoint.config, layer.layer, linear), values);
  }
  return { means, loss, written: store.written };
}

/** Calls `visit` with the moments of each group's input, twice, layer after layer; `prefix` is its first linear's name. */
export async function visitInputMoments(
  checkpoint: Checkpoint,
  samples: readonly Int32Array[],
  packTokens: number,
  visit: (prefix: string, moments: InputMoments, theSame: InputMoments) => Promise<void>,
): Promise<void> {
  const { stream } = await openStream(checkpoint, samples, packTokens);
  const { config } = checkpoint;
  const layers = [...Array(config.numHiddenLayers).keys()];
  for await (const { layer, weights } of streamLayers(checkpoint, layers)) {
    const moments = new Map<InputGroup, readonly [InputMoments, InputMoments]>(
      INPUT_GROUPS.map((group) => {
        const inputs = weights[group].weight.shape[1];
        return [group, [new InputMoments(inputs), new InputMoments(inputs)]];
      }),
    );
    for (const pack of stream.packs.keys()) {
      await throughLayer(stream, pack, weights, moments);
    }
    for (const [group, of] of moments) {
      const [first] = groupLinears(config, group);
      await visit(linearWeight(config, layer, first).replace(/\.weight$/, ''), ...of);
      for (const each of of) each.dispose();
    }
  }
  await closeTokenStream(stream);
}

async function throughLayer(
  stream: TokenStream,
  pack: number,
  weights: Parameters<typeof decoderLayerForward>[1],
  moments: ReadonlyMap<InputGroup, readonly InputMoments[]>,
): Promise<void> {
  const { checkpoint, positions, store } = stream;
  const input = await loadBoundary(stream, 0, pack);
  const activations = decoderLayerForward(checkpoint.config, weights, input, positions.of(pack));
  for (const [group, sums] of moments) for (const each of sums) each.accumulate(activations[group]);
  const output = takeFloats(decoderLayerOutput(weights, activations));
  dispose({ ...activations });
  await store.write(0, pack, output);
}
