import type { PruneSettings } from '../../contract/settings.ts';
import type { ModelConfig } from '../../engine/checkpoint/config.ts';
import { needsOf } from '../../engine/run/needs.ts';
import { headFlops, layerFlops } from '../../engine/streaming/stage-work.ts';

export interface StageTime {
  readonly stage: string;
  readonly low: number;
  readonly high: number;
}

export interface TimeQuestion {
  readonly config: ModelConfig;
  readonly settings: PruneSettings;
  /** Bounds: texts shorter than the sequence length have fewer tokens. */
  readonly domainTokens: { readonly low: number; readonly high: number };
  readonly openTokens: number;
  /** Of all texts that are measured, twice each; context that windows share included. */
  readonly measuredTokens: number;
  /** Measured on a layer's forward pass. */
  readonly flopsPerSecond: number;
  /** Bytes of the model's weight files, read and written by the export. */
  readonly modelBytes: number;
  /** Measured, of the disk that the output goes to. */
  readonly diskBytesPerSecond: number;
}

/** A whole run beside its benchmark: other stages run at other rates, and a machine is seldom as free later on. */
const FASTEST = 0.8;
const SLOWEST = 1.9;
/** The source is read, written, and read again beside the source. */
const TRANSFERS = 4;

/** How long each stage of a run takes, in milliseconds. */
export function predictTime(question: TimeQuestion): StageTime[] {
  const { config, settings, domainTokens, openTokens, measuredTokens, flopsPerSecond } = question;
  const needs = needsOf(settings, false);
  const isScored = settings.method !== 'magnitude';
  const { forward, general, backward } = layerFlops(config);
  const layers = config.numHiddenLayers;
  const stage = (name: string, flopsPerToken: number, tokens: { low: number; high: number }): StageTime => ({
    stage: name,
    low: (FASTEST * 1000 * flopsPerToken * tokens.low) / flopsPerSecond,
    high: (SLOWEST * 1000 * flopsPerToken * tokens.high) / flopsPerSecond,
  });
  const fixed = (tokens: number) => ({ low: tokens, high: tokens });
  const both = { low: openTokens + domainTokens.low, high: openTokens + domainTokens.high };
  const transferMs = (1000 * TRANSFERS * question.modelBytes) / question.diskBytesPerSecond;
  return [
    stage('measure-dense', layers * forward + headFlops(config, false), fixed(measuredTokens)),
    ...(isScored && needs.general
      ? [stage('general', layers * general, needs.mixed ? both : fixed(openTokens))]
      : []),
    ...(isScored && needs.mixed
      ? [
          stage('open-forward', layers * forward + headFlops(config, true), fixed(openTokens)),
          stage('open-backward', layers * backward, fixed(openTokens)),
        ]
      : []),
    ...(isScored && needs.statistics.length > 0
      ? [
          stage('forward', layers * forward + headFlops(config, true), domainTokens),
          stage('backward', layers * backward, domainTokens),
        ]
      : []),
    { stage: 'export', low: FASTEST * transferMs, high: SLOWEST * transferMs },
    stage('measure-pruned', layers * forward + headFlops(config, false), fixed(measuredTokens)),
  ].filter(({ high }) => high > 0);
}
