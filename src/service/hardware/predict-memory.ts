import type { PruneSettings } from '../../contract/settings.ts';
import type { ModelConfig } from '../../engine/checkpoint/config.ts';
import { linearShape, linearsOf } from '../../engine/checkpoint/weight-names.ts';
import { groupShape, INPUT_GROUPS } from '../../engine/model/input-groups.ts';
import { needsOf } from '../../engine/run/needs.ts';
import { planOf } from '../../engine/streaming/plan.ts';

/** A named share of a predicted peak. */
export interface Share {
  readonly name: string;
  readonly bytes: number;
}

const FLOAT = 4;
const CODE = 2;
const SCORED_COPIES = 3;

const product = ([rows, columns]: readonly [number, number]): number => rows * columns;
const layerWeights = (config: ModelConfig): number =>
  linearsOf(config).reduce((sum, linear) => sum + product(linearShape(config, linear)), 0);
const largestGroup = (config: ModelConfig): number =>
  Math.max(...INPUT_GROUPS.map((group) => product(groupShape(config, group))));

/**
 * Peak resident memory of a run by its parts: the engine holds one decoder layer at work and reads the next.
 * @param programBytes resident memory of a process that has loaded the backend, measured
 */
export function predictMemory(
  config: ModelConfig,
  settings: PruneSettings,
  calibrationTokens: number,
  programBytes: number,
): Share[] {
  const needs = needsOf(settings, false);
  const plan = planOf(config);
  const weights = layerWeights(config);
  const widest = Math.max(...INPUT_GROUPS.map((group) => groupShape(config, group)[1]));
  const boundaries = (config.numHiddenLayers + 1) * calibrationTokens * config.hiddenSize * FLOAT;
  const perToken = FLOAT * (10 * config.intermediateSize + 12 * config.hiddenSize);
  const calibrates = needs.general || needs.statistics.length > 0;
  const parts = [
    { name: 'Program and tensor library', bytes: programBytes },
    { name: 'Two decoder layers in float32', bytes: 2 * weights * FLOAT },
    ...(calibrates
      ? [
          { name: 'Activations of a micro-batch', bytes: plan.packTokens * perToken },
          { name: 'Activations between layers', bytes: Math.min(plan.activationMemoryBytes, boundaries) },
          { name: 'Embedding and output head', bytes: 2 * config.vocabSize * config.hiddenSize * FLOAT },
        ]
      : []),
    ...(needs.general ? [{ name: 'Hessian and its factors', bytes: widest ** 2 * (FLOAT + 3 * 8) }] : []),
    ...(needs.statistics.length > 0
      ? [
          {
            name: 'Gradient statistics',
            bytes: (needs.statistics.length * weights + largestGroup(config)) * FLOAT,
          },
        ]
      : []),
    { name: 'Scores of a layer', bytes: SCORED_COPIES * weights * (FLOAT + CODE) },
  ];
  return parts;
}

/** What the run's folder and its scratch file grow to. */
export function predictScratch(
  config: ModelConfig,
  settings: PruneSettings,
  calibrationTokens: number,
): Share[] {
  const needs = needsOf(settings, false);
  const { activationMemoryBytes } = planOf(config);
  const all = config.numHiddenLayers * layerWeights(config);
  const boundaries = (config.numHiddenLayers + 1) * calibrationTokens * config.hiddenSize * FLOAT;
  const kinds =
    Number(needs.general) +
    Number(needs.mixed) +
    Number(needs.statistics.length > 0) +
    Number(settings.criterion === 'paper');
  const exact = needs.exact ? (1 + needs.statistics.length + 1) * FLOAT : 0;
  return [
    { name: 'Activations between layers', bytes: Math.max(0, boundaries - activationMemoryBytes) },
    { name: 'Scores', bytes: settings.method === 'magnitude' ? 0 : all * (kinds * CODE + exact) },
  ].filter(({ bytes }) => bytes > 0);
}
