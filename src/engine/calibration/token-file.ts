import { UserError } from '../../contract/error.ts';
import { readJsonl } from './read-jsonl.ts';
import { empty } from './read-utf8.ts';
import { MIN_TOKENS } from './sample-source.ts';

/**
 * Reads samples that are tokenized already: JSONL of `{"input_ids": [...]}`, one sample a line, in the file's order.
 *
 * @param vocabSize every id has to be below it.
 * @param maxLength the most tokens that the model takes.
 * @throws UserError TOKENS_INVALID with the line, DATA_EMPTY, and what readJsonl throws.
 */
export async function readTokenFile(
  path: string,
  vocabSize: number,
  maxLength: number,
): Promise<Int32Array<ArrayBuffer>[]> {
  const samples: Int32Array<ArrayBuffer>[] = [];
  for await (const { fields, place } of readJsonl(path)) {
    const fault = findFault(fields.get('input_ids'), vocabSize, maxLength);
    if (fault !== null) {
      throw new UserError(
        'TOKENS_INVALID',
        `${path}, ${place}: ${fault}.`,
        'Each line is {"input_ids": [...]} with ids of this model’s tokenizer.',
      );
    }
    samples.push(Int32Array.from(fields.get('input_ids') as number[]));
  }
  if (samples.length === 0) throw empty(path);
  return samples;
}

function findFault(ids: unknown, vocabSize: number, maxLength: number): string | null {
  if (!Array.isArray(ids)) return 'there is no list "input_ids"';
  if (ids.length < MIN_TOKENS) return `the sample has ${ids.length} tokens, and needs at least ${MIN_TOKENS}`;
  if (ids.length > maxLength) {
    return `the sample has ${ids.length} tokens, and the model takes at most ${maxLength}`;
  }
  const wrong = ids.findIndex((id) => !Number.isInteger(id) || id < 0 || id >= vocabSize);
  return wrong < 0 ? null : `id number ${wrong + 1} is not an integer from 0 to ${vocabSize - 1}`;
}
