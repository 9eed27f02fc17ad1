import { join } from 'node:path';
import type { OnProgress } from '../../contract/progress.ts';
import type { PruneSettings } from '../../contract/settings.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import type { ModelConfig } from '../checkpoint/config.ts';
import { keptForGradient } from '../importance/domain-pass.ts';
import type { StorePart } from '../importance/score-store.ts';
import { ActivationStore } from '../streaming/activation-store.ts';
import { ProgressMeter, type StageTiming } from '../streaming/progress-meter.ts';
import {
  type Ascent,
  closeTokenStream,
  openTokenStream,
  type TokenStream,
} from '../streaming/token-stream.ts';
import { dumpImportance } from './dump-importance.ts';
import type { CalibrationTokens } from './load-calibration.ts';
import type { Needs } from './needs.ts';
import type { RunFolder } from './run-folder.ts';
import { scoreFinal, scoreFinalBySample } from './score-final.ts';
import { scoreDomain, scoreGeneral, scoreOpen } from './score-layers.ts';
import { type ScoredText, type ScoredTexts, scoredTexts } from './scored-text.ts';
import { scoringWork, workOfDomain } from './scoring-work.ts';

export interface ScoreOptions {
  readonly settings: PruneSettings;
  readonly dumpImportanceDir: string | null;
  /** Leaves the float32 importances with the run, for others to borrow. */
  readonly keepExact?: boolean;
  readonly onProgress: OnProgress;
  readonly signal?: AbortSignal;
}

/** Computes what the run's store still lacks, and marks the run as finished. */
export async function scoreAll(
  run: RunFolder,
  checkpoint: Checkpoint,
  calibration: CalibrationTokens,
  needs: Needs,
  options: ScoreOptions,
): Promise<StageTiming[]> {
  const { settings, onProgress, signal } = options;
  const { config } = checkpoint;
  const texts = await scoredTexts(run, config, calibration, needs, settings);
  const streamOf: OpenText = ({ name, packs, format, memoryBytes }, meter) => {
    const store = new ActivationStore(join(run.scratchDir, name), { memoryBytes, format });
    return openTokenStream(checkpoint, packs, store, meter);
  };
  const isTogether = needs.mixed && lacks(run, 'mixed', config);
  const meter = new ProgressMeter(scoringWork(config, texts, needs, isTogether), onProgress, signal);
  const score = { run, checkpoint, settings, needs, texts, streamOf, meter };
  if (isTogether) await scoreTogether(score);
  else await scoreInTurn(score);
  const timings = meter.timings();
  if (
    settings.method === 'd-pruner' &&
    settings.criterion === 'paper' &&
    !(await scoreFinal(run, checkpoint, settings))
  ) {
    const again = new ProgressMeter(workOfDomain(config, texts.domain), onProgress, signal);
    await scoreFinalBySample(run, await streamOf(texts.domain, again), settings, texts.domain);
    timings.push(...again.timings());
  }
  if (options.dumpImportanceDir) await dumpImportance(run, checkpoint, settings, options.dumpImportanceDir);
  await run.save({ finished: true });
  if (!options.keepExact) await removeExact(run);
  return timings;
}

export async function removeExact({ store }: RunFolder): Promise<void> {
  for (const part of ['generalExact', 'openExact', 'domainExact', 'finalExact'] as const)
    await store.remove(part);
}

type OpenText = (text: ScoredText, meter: ProgressMeter) => Promise<TokenStream>;

interface Score {
  readonly run: RunFolder;
  readonly checkpoint: Checkpoint;
  readonly settings: PruneSettings;
  readonly needs: Needs;
  readonly texts: ScoredTexts;
  readonly streamOf: OpenText;
  readonly meter: ProgressMeter;
}

const lacks = ({ store }: RunFolder, part: StorePart, { numHiddenLayers }: ModelConfig): boolean =>
  [...Array(numHiddenLayers).keys()].some((layer) => !store.has(part, layer));

/** Both texts go up through the layers in one pass, which adds up their Hessians, and their gradients come down one after the other. */
async function scoreTogether(score: Score): Promise<void> {
  const { run, checkpoint, settings, needs, texts, streamOf, meter } = score;
  const { numHiddenLayers } = checkpoint.config;
  const ascents: Ascent[] = [];
  try {
    for (const text of [texts.open, texts.domain]) {
      const isFinished = (layer: number) => run.store.has(text.name, layer);
      const kept = keptForGradient(numHiddenLayers, text.keepEvery, isFinished);
      ascents.push({ stream: await streamOf(text, meter), kept });
    }
    await scoreGeneral(run, checkpoint, ascents, settings, needs);
    const [open, domain] = ascents.map(({ stream }) => stream);
    await scoreOpen(run, open, needs, { keepEvery: texts.open.keepEvery, isForwarded: true });
    await scoreDomain(run, domain, needs, { keepEvery: texts.domain.keepEvery, isForwarded: true });
  } finally {
    for (const { stream } of ascents) await closeTokenStream(stream);
  }
}

/** One pass after the other over what each of them needs. */
async function scoreInTurn(score: Score): Promise<void> {
  const { run, checkpoint, settings, needs, texts, streamOf, meter } = score;
  const { open, domain } = texts;
  if (needs.general && !needs.mixed) {
    const stream = await streamOf(open, meter);
    await scoreGeneral(run, checkpoint, [{ stream, kept: null }], settings, needs);
  }
  if (needs.mixed) await scoreOpen(run, await streamOf(open, meter), needs, open);
  if (needs.statistics.length > 0) await scoreDomain(run, await streamOf(domain, meter), needs, domain);
}
