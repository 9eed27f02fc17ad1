import type { PruneSettings } from '../../contract/settings.ts';
import type { ModelConfig } from '../checkpoint/config.ts';
import { type Pack, packSamples } from '../model/segments.ts';
import { freeBytesAt } from '../streaming/free-space.ts';
import { planOf } from '../streaming/plan.ts';
import type { SpillPolicy } from '../streaming/spill-policy.ts';
import type { CalibrationTokens } from './load-calibration.ts';
import type { Needs } from './needs.ts';
import type { RunFolder } from './run-folder.ts';
import { spillsOf } from './spills.ts';
import { storeBytes } from './store-size.ts';

/** A text that a run is scored on, in micro-batches, and how its activations are kept. */
export interface ScoredText extends SpillPolicy {
  readonly name: 'open' | 'domain';
  readonly packs: readonly Pack[];
  /** Of its activations, before the rest goes to the disk. */
  readonly memoryBytes: number;
}
export type ScoredTexts = Record<ScoredText['name'], ScoredText>;

/** What the disk has room for decides how many boundaries are kept; the outcome does not depend on it. */
export async function scoredTexts(
  run: RunFolder,
  config: ModelConfig,
  calibration: CalibrationTokens,
  needs: Needs,
  settings: PruneSettings,
): Promise<ScoredTexts> {
  const { packTokens, activationMemoryBytes } = planOf(config);
  const open = packSamples(calibration.open, packTokens);
  const domain = packSamples(calibration.domain, packTokens);
  const tokens = { open: tokensOf(open), domain: tokensOf(domain) };
  const { scores, pruned } = storeBytes(config, settings);
  const free = Math.max(0, (await freeBytesAt(run.dir)) - scores - pruned);
  const spills = spillsOf(config, needs, tokens, activationMemoryBytes + free);
  const share = (part: number) => (needs.mixed ? part / (tokens.open + tokens.domain) : 1);
  const memoryBytes = (part: number) => Math.floor(activationMemoryBytes * share(part));
  return {
    open: { name: 'open', packs: open, memoryBytes: memoryBytes(tokens.open), ...spills.open },
    domain: { name: 'domain', packs: domain, memoryBytes: memoryBytes(tokens.domain), ...spills.domain },
  };
}

export const tokensOf = (packs: readonly Pack[]): number =>
  packs.reduce((total, pack) => total + pack.inputIds.length, 0);
