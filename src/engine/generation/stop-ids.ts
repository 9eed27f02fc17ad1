import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { checkJson, readJsonFile } from '../checkpoint/json-file.ts';

const schema = z.looseObject({ eos_token_id: z.union([z.int(), z.array(z.int())]).nullish() });

/**
 * The ids that end a text, as transformers has them: those of generation_config.json or, where there is no such file,
 * of config.json; none where neither names any.
 */
export async function stopIdsOf(modelDir: string): Promise<number[]> {
  const own = join(modelDir, 'generation_config.json');
  const file = existsSync(own) ? own : join(modelDir, 'config.json');
  const { eos_token_id: ids } = checkJson(schema, await readJsonFile(file), file);
  return ids == null ? [] : [ids].flat();
}
