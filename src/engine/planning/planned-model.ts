import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type ModelConfig, parseModelConfig } from '../checkpoint/config.ts';
import { readJsonFile } from '../checkpoint/json-file.ts';
import { openCheckpoint } from '../checkpoint/open-checkpoint.ts';
import { CONFIG_FILE, findWeightFiles } from '../checkpoint/weight-files.ts';
import { sizesOf } from './model-sizes.ts';

/** What a plan has to know of a model. */
export interface PlannedModel {
  readonly config: ModelConfig;
  /** Bytes of its weight files; where they are not there, what they would be. */
  readonly weightBytes: number;
  readonly hasWeights: boolean;
}

const BYTES_OF_DTYPE: Readonly<Record<string, number>> = { float32: 4 };

/**
 * Reads a model's folder, or its config.json alone.
 * @throws UserError: see openCheckpoint and parseModelConfig
 */
export async function readPlannedModel(path: string): Promise<PlannedModel> {
  const isFolder = (await stat(path).catch(() => null))?.isDirectory() ?? true;
  const configPath = isFolder ? join(path, CONFIG_FILE) : path;
  if (isFolder && (await hasWeightFiles(path))) {
    const checkpoint = await openCheckpoint(path);
    await checkpoint.close();
    const files = new Set([...checkpoint.tensors.values()].map(({ file }) => file));
    const sizes = await Promise.all([...files].map(async (file) => (await stat(join(path, file))).size));
    const weightBytes = sizes.reduce((sum, size) => sum + size, 0);
    return { config: checkpoint.config, weightBytes, hasWeights: true };
  }
  const json = (await readJsonFile(configPath)) as Record<string, unknown>;
  const config = parseModelConfig(json, configPath);
  const dtype = String(json.torch_dtype ?? json.dtype ?? '');
  return {
    config,
    weightBytes: sizesOf(config).allWeights * (BYTES_OF_DTYPE[dtype] ?? 2),
    hasWeights: false,
  };
}

const hasWeightFiles = (dir: string): Promise<boolean> =>
  findWeightFiles(dir).then(
    () => true,
    (error) => {
      if ((error as { code?: string }).code === 'CHECKPOINT_MISSING_WEIGHTS') return false;
      throw error;
    },
  );
