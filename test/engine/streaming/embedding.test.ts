import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../../src/engine/checkpoint/open-checkpoint.ts';
import { embedTokens } from '../../../src/engine/streaming/embedding.ts';
import { openBackend } from '../../../src/engine/tensor/backend.ts';
import { refusal } from '../checkpoint/refusal.ts';
import { temporaryFolder } from '../checkpoint/temporary-folder.ts';
import { writeTinyCheckpoint } from '../checkpoint/tiny-checkpoint.ts';
import { openFixture } from '../oracle-fixture.ts';

const fixture = await openFixture('toy-attention-bias');
const { checkpoint } = fixture;
afterAll(() => fixture.close());
beforeAll(async () => void (await openBackend('cpu')));

const dir = temporaryFolder();

describe('embedTokens', () => {
  it('looks up each token’s row', async () => {
    const table = await checkpoint.readFloat32('model.embed_tokens.weight');
    const [first, second] = await embedTokens(checkpoint, [Int32Array.of(95, 0), Int32Array.of(7)]);
    expect([...first]).toEqual([...table.slice(95 * 32), ...table.slice(0, 32)]);
    expect([...second]).toEqual([...table.slice(7 * 32, 8 * 32)]);
  });

  it('finds the rows of a table that is read in parts', async () => {
    const { tensors } = await writeTinyCheckpoint(dir, {
      config: { vocab_size: 2 ** 18 + 3, tie_word_embeddings: true },
    });
    const table = tensors.get('model.embed_tokens.weight')?.values ?? new Float32Array();
    const ids = Int32Array.of(2 ** 18 + 2, 3, 2 ** 18 - 1, 3);
    const large = await openCheckpoint(dir);
    const [rows] = await embedTokens(large, [ids]);
    expect([...rows]).toEqual([...ids].flatMap((id) => [...table.slice(id * 16, (id + 1) * 16)]));
    await large.close();
  });

  it.each([96, -1])('refuses id %i, which the model does not know', async (id) => {
    expect(await refusal(embedTokens(checkpoint, [Int32Array.of(1, id)]))).toMatchObject({
      code: 'TOKEN_OUTSIDE_VOCABULARY',
      message: expect.stringContaining(`id ${id}`),
    });
  });
});
