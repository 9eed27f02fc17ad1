import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../../src/engine/checkpoint/open-checkpoint.ts';
import { sequenceLogits } from '../../../src/engine/evaluation/logits.ts';
import { type Generator, openGenerator } from '../../../src/engine/generation/open-generator.ts';
import { openBackend } from '../../../src/engine/tensor/backend.ts';
import { memory } from '../../../src/engine/tensor/ops.ts';
import { describeOnEachBackend } from '../each-backend.ts';
import { FIXTURES, TOYS } from '../oracle-fixture.ts';

/** A prompt and what transformers continues it with; each token's lead over the next best logit. */
interface Continuation {
  readonly prompt: number[];
  readonly tokens: number[];
  readonly leads: number[];
}

/** Rounding alone may turn a lead of so many logits. */
const TIE = 1e-5;
const SMOLLM2 = process.env.DPRUNER_ORACLE_MODEL ?? join(homedir(), '.cache/dpruner/smollm2');

const continuationsOf = async (name: string): Promise<Continuation[]> =>
  JSON.parse(await readFile(join(FIXTURES, 'generation', `${name}.json`), 'utf8'));

async function withGenerator<T>(
  dir: string,
  work: (generator: Generator) => Promise<T>,
  inMemory?: boolean,
): Promise<T> {
  const checkpoint = await openCheckpoint(dir);
  const generator = await openGenerator(checkpoint, inMemory);
  try {
    return await work(generator);
  } finally {
    await generator.close();
    await checkpoint.close();
  }
}

/** All equal; where a token differs, transformers' own lead must be a tie. @returns how many texts differ so */
function countTies(
  found: readonly number[][],
  expected: readonly Continuation[],
  stopIds: readonly number[],
): number {
  let ties = 0;
  for (const [i, { tokens, leads }] of expected.entries()) {
    const wanted = tokens.filter((id) => !stopIds.includes(id));
    const first = wanted.findIndex((id, at) => found[i][at] !== id);
    if (first === -1) expect(found[i], `prompt ${i}`).toEqual(wanted);
    else {
      expect(leads[first], `prompt ${i}, token ${first}`).toBeLessThan(TIE);
      ties++;
    }
  }
  return ties;
}

describeOnEachBackend(
  'greedy generation',
  () => {
    it.each(TOYS)('continues 20 prompts of %s as transformers does', async (toy) => {
      const expected = await continuationsOf(toy);
      expect(expected).toHaveLength(20);
      const prompts = expected.map(({ prompt }) => prompt);
      const options = { maxNewTokens: expected[0].tokens.length, stopIds: [] };
      const found = await withGenerator(join(FIXTURES, toy), (generator) =>
        generator.generate(prompts, options),
      );
      expect(countTies(found, expected, [])).toBe(0);
    });

    it('gives the same to a prompt alone, and with the layers read from the disk for each token', async () => {
      const [, second, third] = await continuationsOf('toy-mistral');
      const dir = join(FIXTURES, 'toy-mistral');
      const options = { maxNewTokens: 24, stopIds: [] };
      const alone = await withGenerator(dir, (generator) => generator.generate([third.prompt], options));
      expect(alone).toEqual([third.tokens]);
      const streamed = await withGenerator(
        dir,
        async (generator) => {
          expect(generator.weightsInMemory).toBe(false);
          return await generator.generate([second.prompt, third.prompt], options);
        },
        false,
      );
      expect(streamed).toEqual([second.tokens, third.tokens]);
    });

    it('goes on beyond the room that a prompt was given, and past several query blocks', async () => {
      const dir = join(FIXTURES, 'toy-llama3-rope');
      const prompt = Array.from({ length: 300 }, (_, i) => 3 + ((7 * i) % 90));
      const options = { maxNewTokens: 270, stopIds: [] };
      const [found] = await withGenerator(dir, (generator) => generator.generate([prompt], options));
      const checkpoint = await openCheckpoint(dir);
      const logits = await sequenceLogits(checkpoint, Int32Array.from([...prompt, ...found]));
      const width = checkpoint.config.vocabSize;
      await checkpoint.close();
      for (const [i, id] of found.entries()) {
        const row = logits.subarray((prompt.length + i - 1) * width, (prompt.length + i) * width);
        expect(Math.max(...row) - row[id], `token ${i}`).toBeLessThan(1e-4);
      }
    });

    it('ends a text at a stop id, which is not part of it, and goes on with the others', async () => {
      const [first, second] = await continuationsOf('toy-llama');
      const stop = first.tokens[5];
      const upToStop = (tokens: number[]) =>
        tokens.slice(0, tokens.includes(stop) ? tokens.indexOf(stop) : undefined);
      const heard: number[][] = [[], []];
      const found = await withGenerator(join(FIXTURES, 'toy-llama'), (generator) =>
        generator.generate([first.prompt, second.prompt], {
          maxNewTokens: 24,
          stopIds: [stop],
          onToken: (id, prompt) => heard[prompt].push(id),
        }),
      );
      expect(found).toEqual([upToStop(first.tokens), upToStop(second.tokens)]);
      expect(heard).toEqual(found);
    });

    it('leaves no tensor behind, stopped or not', async () => {
      const before = memory().numTensors;
      const [{ prompt }] = await continuationsOf('toy-llama');
      const controller = new AbortController();
      const stopped = withGenerator(join(FIXTURES, 'toy-llama'), async (generator) => {
        await generator.generate([prompt], { maxNewTokens: 4 });
        const onToken = () => controller.abort();
        return await generator.generate([prompt, prompt], {
          maxNewTokens: 9,
          signal: controller.signal,
          onToken,
        });
      });
      await expect(stopped).rejects.toThrow('stopped on request');
      expect(memory().numTensors).toBe(before);
    });
  },
  { isLong: true },
);

describe('a prompt that cannot be continued', () => {
  beforeAll(async () => void (await openBackend(null)));
  const generate = (prompts: number[][], maxNewTokens: number) =>
    withGenerator(join(FIXTURES, 'toy-llama'), (generator) => generator.generate(prompts, { maxNewTokens }));

  it('is named by its number, with what to do', async () => {
    await expect(generate([[5], []], 4)).rejects.toMatchObject({ code: 'PROMPT_EMPTY', message: /Prompt 2/ });
    await expect(generate([Array(60).fill(3)], 5)).rejects.toMatchObject({
      code: 'PROMPT_TOO_LONG',
      message: /60 tokens; with 5 new ones that is more than the 64/,
    });
    await expect(generate([[96]], 4)).rejects.toMatchObject({ code: 'TOKEN_OUTSIDE_VOCABULARY' });
  });
});

describe.skipIf(!existsSync(join(SMOLLM2, 'model.safetensors')))(
  `SmolLM2 in ${SMOLLM2}, if it is there`,
  () => {
    beforeAll(async () => void (await openBackend(null)));

    it('continues 20 texts as transformers does, up to ties', { timeout: 300_000 }, async () => {
      const expected = await continuationsOf('smollm2');
      const prompts = expected.map(({ prompt }) => prompt);
      const found = await withGenerator(SMOLLM2, (generator) =>
        generator.generate(prompts, { maxNewTokens: 40 }),
      );
      expect(countTies(found, expected, [2])).toBe(0);
    });
  },
);
