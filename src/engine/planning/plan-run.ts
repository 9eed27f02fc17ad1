import type { PruneSettings } from '../../contract/settings.ts';
import type { ModelConfig } from '../checkpoint/config.ts';
import { needsOf } from '../run/needs.ts';
import { type Spills, spillsOf } from '../run/spills.ts';
import { storeBytes } from '../run/store-size.ts';
import { planOf } from '../streaming/plan.ts';
import { forwardPolicy } from '../streaming/spill-policy.ts';
import { predictMemory } from './predict-memory.ts';
import { predictScratch } from './predict-scratch.ts';
import { type Share, totalBytes } from './share.ts';
import { highest, type PlannedStage, packTokens, type StageMemory } from './stage-memory.ts';
import type { TextSizes } from './token-counts.ts';

/** What a run may use. */
export interface Machine {
  readonly memoryFreeBytes: number;
  /** Of a graphics processor's own memory; null where tensors are in the machine's. */
  readonly deviceFreeBytes: number | null;
  /** Where the run's folder is, and where the pruned model goes. */
  readonly scratchFreeBytes: number;
  readonly outFreeBytes: number;
  readonly isOneDisk: boolean;
}

/** A machine on which everything fits. */
export const ENDLESS: Machine = {
  memoryFreeBytes: Infinity,
  deviceFreeBytes: null,
  scratchFreeBytes: Infinity,
  outFreeBytes: Infinity,
  isOneDisk: false,
};

export interface PlanQuestion {
  readonly config: ModelConfig;
  readonly settings: PruneSettings;
  readonly texts: TextSizes;
  /** Bytes of the model's weight files. */
  readonly weightBytes: number;
  /** Resident memory of a process that has loaded the backend. */
  readonly programBytes: number;
  /** Whether the backend has no fused operations; see `MemoryQuestion`. */
  readonly isComposed: boolean;
  readonly machine: Machine;
}

/** Something that a run needs and what of it is free. */
export interface Need {
  readonly parts: readonly Share[];
  readonly neededBytes: number;
  readonly freeBytes: number;
}

export interface RunPlan {
  readonly stages: readonly PlannedStage[];
  /** At the stage with the highest peak. */
  readonly memory: Need;
  /** null where tensors are in the machine's memory. */
  readonly device: Need | null;
  readonly scratch: Need;
  readonly output: Need;
  /** Tokens of the largest micro-batch. */
  readonly microBatchTokens: number;
  readonly spill: Spills;
  readonly fits: boolean;
}

/** What a run will need of a machine, and the way in which it will go about it. */
export function planRun(question: PlanQuestion): RunPlan {
  const { config, settings, texts, machine, weightBytes } = question;
  const needs = needsOf(settings, false);
  const shards = storeBytes(config, settings);
  const others = shards.scores + shards.pruned + (machine.isOneDisk ? weightBytes : 0);
  const room = planOf(config).activationMemoryBytes + Math.max(0, machine.scratchFreeBytes - others);
  const tokens = {
    open: needs.general ? texts.open.tokens : 0,
    domain: needs.statistics.length > 0 ? texts.domain.tokens : 0,
  };
  const spill = spillsOf(config, needs, tokens, room);
  const onward = forwardPolicy(config, Math.max(texts.open.tokens, texts.mix.tokens));
  const formats = { backward: spill.domain.format, forward: onward.format };
  const stages = predictMemory({ ...question, formats });
  const mix = forwardPolicy(config, texts.mix.tokens).bytes;
  const scratchParts = predictScratch(config, settings, Math.max(spill.bytes, mix));
  const outputParts = [{ name: 'Pruned model', bytes: weightBytes }];
  const both = [...scratchParts, ...outputParts];
  const plan = {
    stages,
    ...memoryNeeds(stages, machine),
    scratch: need(machine.isOneDisk ? both : scratchParts, machine.scratchFreeBytes),
    output: need(machine.isOneDisk ? both : outputParts, machine.outFreeBytes),
    microBatchTokens: Math.max(...[texts.domain, texts.open].map((text) => packTokens(config, text))),
    spill,
  };
  const all = [plan.memory, plan.device, plan.scratch, plan.output];
  return { ...plan, fits: all.every((each) => !each || isThere(each)) };
}

export const isThere = ({ neededBytes, freeBytes }: Need): boolean => neededBytes <= freeBytes;

function memoryNeeds(stages: readonly StageMemory[], machine: Machine) {
  const { memoryFreeBytes, deviceFreeBytes } = machine;
  if (deviceFreeBytes === null) {
    const { device, host } = highest(stages);
    return { memory: need([...device, ...host], memoryFreeBytes), device: null };
  }
  const most = (part: 'device' | 'host') =>
    stages.reduce((best, stage) => (totalBytes(stage[part]) > totalBytes(best[part]) ? stage : best))[part];
  return { memory: need(most('host'), memoryFreeBytes), device: need(most('device'), deviceFreeBytes) };
}

const need = (parts: readonly Share[], freeBytes: number): Need => ({
  parts: parts.filter(({ bytes }) => bytes > 0),
  neededBytes: Math.ceil(totalBytes(parts)),
  freeBytes,
});
