import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseModelConfig } from '../../src/engine/checkpoint/config.ts';
import { fromFloat32 } from '../../src/engine/checkpoint/half-precision.ts';
import {
  embeddingWeight,
  finalNormNames,
  linearWeight,
  normNames,
} from '../../src/engine/checkpoint/weight-names.ts';
import { type TensorSource, writeSafetensors } from '../../src/engine/checkpoint/write-safetensors.ts';
import { groupRows, INPUT_GROUPS } from '../../src/engine/model/input-groups.ts';
import type { ModelParameters, Parameter } from './training/model-parameters.ts';

/** Writes config.json and model.safetensors in half precision, under Hugging Face's names. */
export async function saveModel(
  modelDir: string,
  configJson: Readonly<Record<string, unknown>>,
  parameters: ModelParameters,
): Promise<void> {
  const config = parseModelConfig(configJson, 'config.json');
  const tensors = [tensor(embeddingWeight(config), parameters.embedding)];
  for (const [layer, weights] of parameters.layers.entries()) {
    for (const norm of ['inputNorm', 'mlpInputNorm'] as const)
      tensors.push(tensor(normNames(config, layer, norm).weight, weights[norm]));
    for (const group of INPUT_GROUPS) {
      const columns = weights[group].shape[1];
      for (const { linear, begin, end } of groupRows(config, group)) {
        const values = weights[group].values.subarray(begin * columns, end * columns);
        tensors.push(tensor(linearWeight(config, layer, linear), { shape: [end - begin, columns], values }));
      }
    }
  }
  tensors.push(tensor(finalNormNames(config).weight, parameters.finalNorm));
  await mkdir(modelDir, { recursive: true });
  await writeSafetensors(join(modelDir, 'model.safetensors'), tensors, { format: 'pt' });
  await writeFile(join(modelDir, 'config.json'), `${JSON.stringify(configJson, null, 2)}\n`);
}

const tensor = (name: string, { shape, values }: Parameter): TensorSource => ({
  name,
  dtype: 'F16',
  shape,
  chunks: () => [fromFloat32(values, 'F16')],
});
