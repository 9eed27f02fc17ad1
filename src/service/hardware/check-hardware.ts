import { stat } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import type { HardwareReport } from '../../contract/hardware.ts';
import type { RunRequest } from '../../contract/run-request.ts';
import type { Checkpoint } from '../../engine/checkpoint/checkpoint.ts';
import { openCheckpoint } from '../../engine/checkpoint/open-checkpoint.ts';
import { BACKENDS, tryBackend } from '../../engine/tensor/backend.ts';
import { measureMatMulRate } from '../../engine/tensor/matmul-rate.ts';
import { backendRow, diskRow, memoryRow } from './hardware-rows.ts';
import { existingAncestor, freeBytesAt, measureDiskRate } from './measure-disk.ts';
import { predictMemory, predictScratch, type Share } from './predict-memory.ts';
import { predictTime } from './predict-time.ts';
import { measureLayerRate } from './time-layer.ts';

interface Question {
  readonly request: RunRequest;
  /** Where the run's scratch and scores will go. */
  readonly scratchFolder: string;
}

/** Bytes of English text a token, by most tokenizers. */
const BYTES_A_TOKEN = 4;
const DEFAULT_WINDOW = 2048;
const DEFAULT_STRIDE = 512;
/** Of texts that are cut at the sequence length most are as long, and some are not. */
const SHORTEST_MEAN = 0.5;

/** Whether this machine can do the run, what it will need, and how long it will take. @throws UserError: see openCheckpoint */
export async function checkHardware({ request, scratchFolder }: Question): Promise<HardwareReport> {
  const memoryFreeBytes = process.availableMemory();
  const checkpoint = await openCheckpoint(request.modelDir);
  try {
    const { backends, programBytes } = await tryBackends(request.backend);
    const tokens = await countTokens(request, checkpoint);
    const { settings } = request;
    const modelBytes = await bytesOf(checkpoint);
    const calibrationTokens = Math.max(tokens.domain, tokens.open);
    const output: Share[] = [{ name: 'Pruned model', bytes: modelBytes }];
    const scratch = predictScratch(checkpoint.config, settings, tokens.domain);
    const memory = predictMemory(checkpoint.config, settings, calibrationTokens, programBytes);
    const rows = [
      backendRow(backends, request.backend),
      memoryRow(memory, memoryFreeBytes),
      ...(await diskRows(scratchFolder, scratch, request.outDir, output)),
    ];
    const stages = backends.some(({ isChosen }) => isChosen)
      ? predictTime({
          config: checkpoint.config,
          settings,
          domainTokens: { low: SHORTEST_MEAN * tokens.domain, high: tokens.domain },
          openTokens: tokens.open,
          measuredTokens: tokens.measured,
          flopsPerSecond: await measureLayerRate(checkpoint, settings.sequenceLength),
          modelBytes,
          diskBytesPerSecond: await measureDiskRate(scratchFolder),
        })
      : [];
    return {
      rows,
      backends,
      predictedMs: stages.length === 0 ? null : { low: sum(stages, 'low'), high: sum(stages, 'high') },
      stages,
      machine: {
        cpuModel: cpus()[0]?.model ?? 'unknown',
        cores: availableParallelism(),
        memoryTotalBytes: totalmem(),
      },
    };
  } finally {
    await checkpoint.close();
  }
}

const sum = (stages: readonly { low: number; high: number }[], bound: 'low' | 'high'): number =>
  stages.reduce((total, stage) => total + stage[bound], 0);

/** The best first; the first that works is measured first, so that the memory it takes is its own. */
async function tryBackends(wanted: RunRequest['backend']) {
  const backends: HardwareReport['backends'] = [];
  let programBytes = process.memoryUsage.rss();
  const order = wanted ? [wanted, ...BACKENDS.filter((name) => name !== wanted)] : BACKENDS;
  for (const name of order) {
    const isTaken = backends.some(({ isChosen }) => isChosen);
    if (isTaken) continue;
    const { usable, reason = null } = await tryBackend(name);
    const isChosen = usable && (wanted === null || name === wanted);
    if (isChosen) programBytes = process.memoryUsage.rss();
    const matMulGflops = usable ? measureMatMulRate() : null;
    backends.push({ name, isUsable: usable, isChosen, reason, matMulGflops });
  }
  return { backends, programBytes };
}

async function countTokens({ settings, calibration, evaluation }: RunRequest, { config }: Checkpoint) {
  const limit = config.maxPositionEmbeddings;
  const window = evaluation.window ?? Math.min(DEFAULT_WINDOW, limit);
  const stride = evaluation.stride ?? Math.min(DEFAULT_STRIDE, window);
  let measured = 0;
  for (const { file } of evaluation.texts) {
    const bytes = (await stat(file).catch(() => null))?.size ?? 0;
    const tokens = Math.min(bytes / BYTES_A_TOKEN, evaluation.maxTokens ?? Infinity);
    measured += Math.max(window, tokens) * (window / stride);
  }
  return {
    domain: calibration ? settings.samples * settings.sequenceLength : 0,
    open: calibration ? settings.openSamples * settings.openSequenceLength : 0,
    measured,
  };
}

async function bytesOf({ dir, tensors }: Checkpoint): Promise<number> {
  const files = [...new Set([...tensors.values()].map(({ file }) => file))];
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(dir, file))).size));
  return sizes.reduce((total, size) => total + size, 0);
}

/** Two folders on one disk have to share its space. */
async function diskRows(scratchFolder: string, scratch: Share[], outDir: string, output: Share[]) {
  const [scratchAt, outAt] = [existingAncestor(scratchFolder), existingAncestor(outDir)];
  const isOneDisk = (await stat(scratchAt)).dev === (await stat(outAt)).dev;
  const both = [...scratch, ...output];
  return [
    diskRow('scratch-disk', scratchFolder, isOneDisk ? both : scratch, await freeBytesAt(scratchFolder)),
    diskRow('output-disk', outDir, isOneDisk ? both : output, await freeBytesAt(outDir)),
  ];
}
