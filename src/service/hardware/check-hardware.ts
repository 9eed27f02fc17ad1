import { stat } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';
import type { HardwareReport } from '../../contract/hardware.ts';
import type { RunRequest } from '../../contract/run-request.ts';
import type { PruneSettings } from '../../contract/settings.ts';
import type { ModelConfig } from '../../engine/checkpoint/config.ts';
import { measureRates } from '../../engine/planning/measure-rates.ts';
import { planRun } from '../../engine/planning/plan-run.ts';
import { readPlannedModel } from '../../engine/planning/planned-model.ts';
import { predictTime } from '../../engine/planning/predict-time.ts';
import type { Rates } from '../../engine/planning/rates.ts';
import { textSizes } from '../../engine/planning/token-counts.ts';
import { needsOf } from '../../engine/run/needs.ts';
import { existingAncestor, freeBytesAt } from '../../engine/streaming/free-space.ts';
import { headFlops, layerFlops } from '../../engine/streaming/stage-work.ts';
import { BACKENDS, type BackendTrial, tryBackend, tryInOrder } from '../../engine/tensor/backend.ts';
import { hasFusedKernels } from '../../engine/tensor/fused-kernels.ts';
import { measureMatMulRate } from '../../engine/tensor/matmul-rate.ts';
import { tokensToRead } from '../runs/tokens-to-read.ts';
import { readGraphicsMemory } from './graphics-memory.ts';
import { backendRow, diskRow, graphicsRow, memoryRow } from './hardware-rows.ts';

interface Question {
  readonly request: RunRequest;
  /** Where the run's scratch and scores will go. */
  readonly scratchFolder: string;
}

/** Of texts that are cut at the sequence length most are as long, and some are not. */
const SHORTEST_MEAN = 0.5;

/** Whether this machine can do the run, what it will need, and how long it will take. @throws UserError: see readPlannedModel */
export async function checkHardware({ request, scratchFolder }: Question): Promise<HardwareReport> {
  const memoryFreeBytes = process.availableMemory();
  const { config, weightBytes } = await readPlannedModel(request.modelDir);
  // Before a backend takes it.
  const graphics = await readGraphicsMemory();
  const { backends, programBytes, isOnGraphics } = await tryBackends(request.backend);
  const { settings } = request;
  const texts = textSizes(settings, needsOf(settings, false));
  const machine = {
    memoryFreeBytes,
    // Where it cannot be read, what would lie there is told apart all the same.
    deviceFreeBytes: isOnGraphics ? (graphics?.freeBytes ?? Infinity) : null,
    scratchFreeBytes: await freeBytesAt(scratchFolder),
    outFreeBytes: await freeBytesAt(request.outDir),
    isOneDisk: await areOnOneDisk(scratchFolder, request.outDir),
  };
  const isComposed = !hasFusedKernels();
  const plan = planRun({ config, settings, texts, weightBytes, programBytes, isComposed, machine });
  const { scratchFreeBytes, outFreeBytes, isOneDisk } = machine;
  const folders = `${scratchFolder} and ${request.outDir}`;
  const disks = isOneDisk
    ? [diskRow('disk', folders, plan.scratch.parts, scratchFreeBytes)]
    : [
        diskRow('scratch-disk', scratchFolder, plan.scratch.parts, scratchFreeBytes),
        diskRow('output-disk', request.outDir, plan.output.parts, outFreeBytes),
      ];
  const rows = [
    backendRow(backends, request.backend),
    graphicsRow(isOnGraphics, graphics, plan.device?.parts ?? []),
    memoryRow(plan.memory.parts, memoryFreeBytes),
    ...disks,
  ];
  const stages: HardwareReport['stages'] = [];
  const rates = backends.some(({ isChosen }) => isChosen)
    ? await ratesAt(existingAncestor(scratchFolder), config, settings)
    : null;
  if (rates) {
    const times = predictTime({ config, settings, texts, spill: plan.spill, modelBytes: weightBytes, rates });
    const measuring = await timeOfMeasuring(request, config, rates);
    stages.push({ stage: 'measure-dense', ...measuring });
    for (const { stage, low, high } of times) {
      const isOfTexts = stage !== 'export';
      stages.push({ stage, low: isOfTexts ? SHORTEST_MEAN * low : low, high });
    }
    stages.push({ stage: 'measure-pruned', ...measuring });
  }
  return {
    rows,
    backends,
    predictedMs: stages.length === 0 ? null : { low: sum(stages, 'low'), high: sum(stages, 'high') },
    stages: stages.filter(({ high }) => high > 0),
    machine: {
      cpuModel: cpus()[0]?.model ?? 'unknown',
      cores: availableParallelism(),
      memoryTotalBytes: totalmem(),
    },
  };
}

/** null where the disk is too full to measure on: the rows say so. */
async function ratesAt(folder: string, config: ModelConfig, settings: PruneSettings): Promise<Rates | null> {
  try {
    return await measureRates(config, settings, folder);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'DISK_FULL' || code === 'ENOSPC' || code === 'EDQUOT') return null;
    throw error;
  }
}

const sum = (stages: readonly { low: number; high: number }[], bound: 'low' | 'high'): number =>
  stages.reduce((total, stage) => total + stage[bound], 0);

async function areOnOneDisk(one: string, other: string): Promise<boolean> {
  const [first, second] = await Promise.all([one, other].map((path) => stat(existingAncestor(path))));
  return first.dev === second.dev;
}

/** Of one model on all texts. */
async function timeOfMeasuring(
  { evaluation }: RunRequest,
  config: ModelConfig,
  rates: Rates,
): Promise<{ low: number; high: number }> {
  const tokens = await tokensToRead(evaluation, config);
  const layers = (config.numHiddenLayers * layerFlops(config).forward) / rates.forward;
  const ms = 1000 * tokens * (layers + headFlops(config, false) / rates.head);
  return { low: 0.6 * ms, high: 1.5 * ms };
}

/** The one that the run would use is measured first, so that the memory it takes is its own; where the wanted one does not work, the others follow. */
async function tryBackends(wanted: RunRequest['backend']) {
  const trials = await tryInOrder(wanted);
  const chosen = trials.at(-1)?.usable ? trials.at(-1) : null;
  const programBytes = process.memoryUsage.rss();
  const backends = trials.map((trial) => backendFinding(trial, trial === chosen));
  if (wanted && !chosen) {
    for (const name of BACKENDS.filter((name) => name !== wanted))
      backends.push(backendFinding(await tryBackend(name), false));
  }
  return { backends, programBytes, isOnGraphics: chosen?.onGraphics === true };
}

/** The backend that was tried last is measured, if it works. */
function backendFinding(
  { name, usable, reason }: BackendTrial,
  isChosen: boolean,
): HardwareReport['backends'][number] {
  const matMulGflops = usable ? measureMatMulRate() : null;
  return { name, isUsable: usable, isChosen, reason: reason ?? null, matMulGflops };
}
