import { join } from 'node:path';
import { SHAPES, type ShapeName } from './shapes.ts';
import { writeRandomModel } from './write-model.ts';
import { writeRandomTokens } from './write-tokens.ts';

export interface RandomInputs {
  readonly shapes: ShapeName;
  readonly layers: number;
  /** Of each text. */
  readonly samples: number;
  /** Tokens of a sample. */
  readonly length: number;
}

/**
 * Writes a model of random weights and two texts of random tokens into a folder.
 * @returns the options of `plan` and `prune` that name them; the model is in the folder's `model`
 */
export async function writeRandomInputs(
  folder: string,
  { shapes, layers, samples, length }: RandomInputs,
): Promise<string[]> {
  const model = join(folder, 'model');
  await writeRandomModel(model, shapes, layers);
  const [tokens, open] = ['domain', 'open'].map((name, i) => {
    const path = join(folder, `${name}.jsonl`);
    writeRandomTokens(path, { samples, length, vocabSize: SHAPES[shapes].vocab_size, seed: i + 1 });
    return path;
  });
  return ['--model', model, '--tokens', tokens, '--open-tokens', open];
}
