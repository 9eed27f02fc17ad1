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
      workOfGradient(config, open, 'open-backward'),
      workOfGradient(config, domain, 'backward'),
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
  const layers = config.numHiddenLayers;
  const { flopsPerToken, ...backward } = workOfGradient(config, text, backwardStage);
  const head = headFlops(config, true) / layers;
  const forward = layerFlops(config).forward + head;
  return [
    { ...backward, stage: forwardStage, flopsPerToken: forward },
    { ...backward, flopsPerToken: flopsPerToken - head },
  ];
}

/** From a text's last boundary: the loss, and its gradient down through all layers. */
function workOfGradient(config: ModelConfig, { packs, keepEvery }: ScoredText, stage: Stage): StageWork {
  const { forward, backward } = layerFlops(config);
  const layers = config.numHiddenLayers;
  const again = (forward * layersComputedAgain(layers, keepEvery)) / layers;
  const head = headFlops(config, true) / layers;
  return { stage, layers, tokens: tokensOf(packs), flopsPerToken: head + backward + again };
}
