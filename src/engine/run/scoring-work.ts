import type { Stage } from '../../contract/progress.ts';
import type { ModelConfig } from '../checkpoint/config.ts';
import type { Pack } from '../model/segments.ts';
import { layersComputedAgain } from '../streaming/kept-boundaries.ts';
import type { StageWork } from '../streaming/progress-meter.ts';
import { headFlops, layerFlops } from '../streaming/stage-work.ts';
import type { Needs } from './needs.ts';
import { type ScoredText, type ScoredTexts, tokensOf } from './scored-text.ts';

/** What there is to do, for the time that is left. */
export function scoringWork(
  config: ModelConfig,
  { open, domain }: ScoredTexts,
  needs: Needs,
  isTogether: boolean,
): StageWork[] {
  if (isTogether)
    return [
      workOfGeneral(config, [...open.packs, ...domain.packs]),
      withHead(config, workOfBackward(config, open, 'open-backward')),
      withHead(config, workOfBackward(config, domain, 'backward')),
    ];
  return [
    ...(needs.general && !needs.mixed ? [workOfGeneral(config, open.packs)] : []),
    ...(needs.mixed ? workOfDomain(config, open, 'open-forward', 'open-backward') : []),
    ...(needs.statistics.length > 0 ? workOfDomain(config, domain) : []),
  ];
}

function workOfGeneral(config: ModelConfig, packs: readonly Pack[]): StageWork {
  const { general } = layerFlops(config);
  return {
    stage: 'general',
    layers: config.numHiddenLayers,
    tokens: tokensOf(packs),
    flopsPerToken: general,
  };
}

export function workOfDomain(
  config: ModelConfig,
  text: ScoredText,
  forwardStage: Stage = 'forward',
  backwardStage: Stage = 'backward',
): StageWork[] {
  const backward = workOfBackward(config, text, backwardStage);
  const { forward } = layerFlops(config);
  return [withHead(config, { ...backward, stage: forwardStage, flopsPerToken: forward }), backward];
}

function workOfBackward(config: ModelConfig, { packs, keepEvery }: ScoredText, stage: Stage): StageWork {
  const { forward, backward } = layerFlops(config);
  const layers = config.numHiddenLayers;
  const again = (forward * layersComputedAgain(layers, keepEvery)) / layers;
  return { stage, layers, tokens: tokensOf(packs), flopsPerToken: backward + again };
}

/** The stage in which the loss is computed, and its gradient at the last layer. */
const withHead = (config: ModelConfig, work: StageWork): StageWork => ({
  ...work,
  flopsPerToken: work.flopsPerToken + headFlops(config, true) / work.layers,
});
