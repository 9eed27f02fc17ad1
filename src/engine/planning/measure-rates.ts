import type { Progress, Stage } from '../../contract/progress.ts';
import type { PruneSettings } from '../../contract/settings.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import type { ModelConfig } from '../checkpoint/config.ts';
import { domainPass } from '../importance/domain-pass.ts';
import { encodeLogs } from '../importance/encode-logs.ts';
import { generalPass } from '../importance/general-pass.ts';
import { InputMoments, inverseHessianDiagonal } from '../importance/hessian.ts';
import { jointHistogram } from '../importance/joint-histogram.ts';
import { logDomainImportance } from '../importance/log-importance.ts';
import { outlierRatio } from '../importance/outlier-ratio.ts';
import { tokenCrossEntropy } from '../model/cross-entropy.ts';
import { packSamples } from '../model/segments.ts';
import { ActivationStore } from '../streaming/activation-store.ts';
import { disposeHead, loadHead, streamLayers } from '../streaming/layer-weights.ts';
import { planOf } from '../streaming/plan.ts';
import { ProgressMeter } from '../streaming/progress-meter.ts';
import { headFlops, layerFlops } from '../streaming/stage-work.ts';
import { openTokenStream, type TokenStream } from '../streaming/token-stream.ts';
import { type Tensor2D, tensor2d } from '../tensor/ops.ts';
import { attentionFlops } from './attention-flops.ts';
import { measureDiskRate } from './measure-disk.ts';
import { measureExport } from './measure-export.ts';
import { sizesOf } from './model-sizes.ts';
import { probeConfig, probeModel } from './probe-model.ts';
import type { Rates } from './rates.ts';

/** Micro-batches that are timed; one more goes before them and pays for memory and threads. */
const TIMED_PACKS = 2;
const INVERTED = 2048;

/**
 * Times the engine's own passes on one decoder layer of the model's kind with random weights, and a small export.
 * @param folder where the run would write
 */
export async function measureRates(
  config: ModelConfig,
  settings: PruneSettings,
  folder: string,
): Promise<Rates> {
  const probe = probeModel(probeConfig(config));
  const length = (wanted: number) => Math.min(wanted, config.maxPositionEmbeddings);
  const general = await timeGeneral(config, probe, length(settings.openSequenceLength));
  const domain = await timeDomain(config, probe, length(settings.sequenceLength));
  const { loading, scoring } = await timeLayer(probe);
  return {
    ...domain,
    general,
    loading,
    scoring,
    head: await timeHead(probe),
    inversion: timeInversion(Math.min(INVERTED, config.intermediateSize)),
    exporting: await measureExport(folder),
    disk: await measureDiskRate(folder),
  };
}

/** When each micro-batch of a stage was done. */
class Stopwatch {
  private readonly times = new Map<Stage, number[]>();

  readonly onProgress = ({ stage }: Progress): void => {
    const known = this.times.get(stage);
    if (known) known.push(performance.now());
    else this.times.set(stage, [performance.now()]);
  };

  /** Seconds of the micro-batches after the first one. */
  seconds(stage: Stage): number {
    const times = this.times.get(stage) ?? [];
    return ((times.at(-1) ?? 0) - (times[1] ?? 0)) / 1000;
  }
}

async function openProbe(config: ModelConfig, probe: Checkpoint, length: number, watch: Stopwatch) {
  const most = Math.max(length, planOf(config).packTokens);
  const perPack = Math.max(1, Math.floor(most / length));
  const samples = Array.from({ length: perPack * (1 + TIMED_PACKS) }, (_, sample) =>
    Int32Array.from({ length }, (_, t) => (sample * 7919 + t * 104729) % probe.config.vocabSize),
  );
  const layers = 1;
  const work = (stage: Stage) => ({ stage, layers, tokens: 1, flopsPerToken: 1 });
  const stages: Stage[] = ['general', 'forward', 'backward'];
  const meter = new ProgressMeter(stages.map(work), watch.onProgress);
  const store = new ActivationStore('', { memoryBytes: Infinity, format: 'float32' });
  const stream: TokenStream = await openTokenStream(probe, packSamples(samples, most), store, meter);
  return { stream, tokens: TIMED_PACKS * perPack * length };
}

async function timeGeneral(config: ModelConfig, probe: Checkpoint, length: number): Promise<number> {
  const watch = new Stopwatch();
  const { stream, tokens } = await openProbe(config, probe, length, watch);
  for await (const _ of generalPass([{ stream, kept: null }], 0.01, () => false)) break; // what it would compute of the sums is not wanted
  return (
    (tokens * (layerFlops(probe.config).general + attentionFlops(probe.config, length, 1))) /
    watch.seconds('general')
  );
}

async function timeDomain(config: ModelConfig, probe: Checkpoint, length: number) {
  const watch = new Stopwatch();
  const { stream, tokens } = await openProbe(config, probe, length, watch);
  const isFinished = () => false;
  const onLoss = () => {};
  for await (const _ of domainPass(stream, {
    text: 'domain',
    statistics: ['fisher'],
    keepEvery: 1,
    isFinished,
    onLoss,
  }))
    break;
  const { forward, backward } = layerFlops(probe.config);
  return {
    forward: (tokens * (forward + attentionFlops(probe.config, length, 1))) / watch.seconds('forward'),
    backward: (tokens * (backward + attentionFlops(probe.config, length, 3))) / watch.seconds('backward'),
  };
}

/** Seconds a weight for loading a layer and for making codes of its scores. */
async function timeLayer(probe: Checkpoint): Promise<{ loading: number; scoring: number }> {
  const { layerWeights } = sizesOf(probe.config);
  let startedAtMs = performance.now();
  for await (const { weights } of streamLayers(probe, [0])) {
    const loading = (performance.now() - startedAtMs) / 1000 / layerWeights;
    const { weight } = weights.mlpHidden;
    const fisher = new Float32Array(weight.size).map((_, i) => 1e-6 * (1 + (i % 1009)));
    startedAtMs = performance.now();
    const codes = encodeLogs(logDomainImportance(fisher, weight));
    jointHistogram(codes, codes);
    outlierRatio([{ weight, squares: new Float64Array(weight.shape[1]).fill(1) }]);
    const scoring = (performance.now() - startedAtMs) / 1000 / weight.size;
    return { loading, scoring };
  }
  throw new Error('a model has at least one layer');
}

async function timeHead(probe: Checkpoint): Promise<number> {
  const head = await loadHead(probe);
  const { hiddenSize } = probe.config;
  const tokens = 256;
  const hidden = tensor2d(new Float32Array(tokens * hiddenSize).fill(0.5), [tokens, hiddenSize]) as Tensor2D;
  let seconds = 0;
  for (let pass = 0; pass < 2; pass++) {
    const startedAtMs = performance.now();
    tokenCrossEntropy(head, hidden, new Int32Array(tokens));
    seconds = (performance.now() - startedAtMs) / 1000;
  }
  hidden.dispose();
  disposeHead(head);
  return (tokens * headFlops(probe.config, false)) / seconds;
}

function timeInversion(size: number): number {
  const moments = new InputMoments(size);
  const values = new Float32Array(2 * size).map((_, i) => ((i * 7919) % 1009) / 1009);
  const x = tensor2d(values, [2, size]) as Tensor2D;
  moments.accumulate(x);
  const startedAtMs = performance.now();
  inverseHessianDiagonal(moments, 0.1);
  const seconds = (performance.now() - startedAtMs) / 1000;
  x.dispose();
  moments.dispose();
  return ((2 / 3) * size ** 3) / seconds;
}
