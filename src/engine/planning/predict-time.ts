import type { Stage } from '../../contract/progress.ts';
import { choosesJointly, type PruneSettings, updateOf } from '../../contract/settings.ts';
import type { ModelConfig } from '../checkpoint/config.ts';
import { needsOf } from '../run/needs.ts';
import { layersComputedAgain } from '../streaming/kept-boundaries.ts';
import type { SpillPolicy } from '../streaming/spill-policy.ts';
import { headFlops, layerFlops } from '../streaming/stage-work.ts';
import { attentionFlops } from './attention-flops.ts';
import { sizesOf } from './model-sizes.ts';
import type { Rates } from './rates.ts';
import { type TextSize, type TextSizes, together } from './token-counts.ts';

export interface StageTime {
  readonly stage: Stage;
  /** What the rates amount to. */
  readonly ms: number;
  /** Where the run will probably be. */
  readonly low: number;
  readonly high: number;
}

export interface TimeQuestion {
  readonly config: ModelConfig;
  readonly settings: PruneSettings;
  readonly texts: TextSizes;
  readonly spill: { readonly open: SpillPolicy; readonly domain: SpillPolicy };
  /** Bytes of the model's weight files. */
  readonly modelBytes: number;
  readonly rates: Rates;
}

/** A machine is seldom as free later on as when it was measured. */
const FASTEST = 0.8;
const SLOWEST = 1.25;
/** Bytes of a score as it is stored. */
const CODE = 2;
/** How long each stage of a run takes on a machine of these rates. */
export function predictTime(question: TimeQuestion): StageTime[] {
  const { settings, texts, spill } = question;
  const needs = needsOf(settings, false);
  const { domain, open, mix } = texts;
  const seconds: [Stage, number][] = [];
  if (needs.mixed) {
    seconds.push(['general', general(question, together(open, domain))]);
    seconds.push(['open-backward', head(question, open) + backward(question, open, spill.open, 1)]);
    seconds.push(['backward', head(question, domain) + backward(question, domain, spill.domain, 2)]);
  } else {
    if (needs.general) seconds.push(['general', general(question, open)]);
    if (needs.statistics.length > 0) {
      seconds.push(['forward', forward(question, domain) + head(question, domain)]);
      seconds.push(['backward', backward(question, domain, spill.domain, 1)]);
    }
  }
  if (needs.outliers) seconds.push(['outliers', forward(question, mix)]);
  if (needs.layerwise) seconds.push(['prune', layerwise(question, mix)]);
  seconds.push(['export', exporting(question)]);
  return seconds.map(([stage, each]) => ({
    stage,
    ms: 1000 * each,
    low: FASTEST * 1000 * each,
    high: SLOWEST * 1000 * each,
  }));
}

/** Loading all layers, and taking a text through them. */
function forward({ config, rates }: TimeQuestion, text: TextSize): number {
  const layers = config.numHiddenLayers;
  const flops = layers * (layerFlops(config).forward + attentionFlops(config, text.longest, 1));
  return loading(config, rates) + (text.tokens * flops) / rates.forward;
}

/** The loss and its gradient at the last layer. */
const head = ({ config, rates }: TimeQuestion, { tokens }: TextSize): number =>
  (tokens * headFlops(config, true)) / rates.head;

function general({ config, rates }: TimeQuestion, text: TextSize): number {
  const layers = config.numHiddenLayers;
  const { groups, layerWeights } = sizesOf(config);
  const flops = layers * (layerFlops(config).general + attentionFlops(config, text.longest, 1));
  const inversions = groups.reduce((sum, { inputs }) => sum + (2 / 3) * inputs ** 3, 0) / rates.inversion;
  return (
    loading(config, rates) +
    (text.tokens * flops) / rates.general +
    layers * (inversions + scoring(layerWeights, rates))
  );
}

function backward(
  { config, rates }: TimeQuestion,
  text: TextSize,
  { keepEvery }: SpillPolicy,
  blends: number,
): number {
  const layers = config.numHiddenLayers;
  const flops = layerFlops(config);
  const again = layersComputedAgain(layers, keepEvery);
  const onward = (again * (flops.forward + attentionFlops(config, text.longest, 1))) / rates.forward;
  const back = (layers * (flops.backward + attentionFlops(config, text.longest, 3))) / rates.backward;
  const { layerWeights } = sizesOf(config);
  return (
    loading(config, rates) * (1 + again / layers) +
    text.tokens * (onward + back) +
    layers * blends * scoring(layerWeights, rates)
  );
}

/** What the exact update costs for each weight and input of it, in operations of a forward pass: some fifty products. */
const SOLVING = 100;

function layerwise({ config, rates, settings }: TimeQuestion, text: TextSize): number {
  const layers = config.numHiddenLayers;
  const { groups, layerWeights } = sizesOf(config);
  const flops = layerFlops(config);
  const update = updateOf(settings);
  const gather = update ? flops.general / rates.general : flops.forward / rates.forward;
  const products = groups.reduce((sum, { inputs, weights }) => sum + inputs * weights, 0) / rates.forward;
  const inversions = groups.reduce((sum, { inputs }) => sum + (2 / 3) * inputs ** 3, 0) / rates.inversion;
  const updating = { exact: SOLVING * products, sweep: inversions + products };
  return (
    2 * loading(config, rates) +
    text.tokens * layers * (gather + flops.forward / rates.forward) +
    layers * scoring(layerWeights, rates) +
    (update ? layers * updating[update] : 0)
  );
}

/** What a joint selection costs for each weight and input of it, in operations of a forward pass: its products and swaps. */
const JOINTLY = 30;

function exporting({ config, rates, settings, modelBytes }: TimeQuestion): number {
  const { allWeights, groups, layerWeights } = sizesOf(config);
  const pruned = config.numHiddenLayers * layerWeights;
  const { pruning, copying } = rates.exporting;
  const pairs = groups.reduce((sum, { inputs, weights }) => sum + inputs * weights, 0);
  const choosing = choosesJointly(settings) ? (config.numHiddenLayers * JOINTLY * pairs) / rates.forward : 0;
  return choosing + pruned * pruning + (allWeights - pruned) * copying + modelBytes / rates.disk;
}

const loading = (config: ModelConfig, rates: Rates): number =>
  config.numHiddenLayers * sizesOf(config).layerWeights * rates.loading;

const scoring = (weights: number, rates: Rates): number => weights * (rates.scoring + CODE / rates.disk);
