import { afterAll, expect, it } from 'vitest';
import { memory } from '../../../src/engine/tensor/ops.ts';
import { casesOn, describeOnEachBackend, isSoftware } from '../each-backend.ts';
import { openFixture, TOYS } from '../oracle-fixture.ts';
import { runGeneralPass } from './engine-passes.ts';
import { checkGeneralImportance, checkHessians } from './oracle-checks.ts';

const fixtures = await Promise.all(TOYS.map(async (name) => ({ name, fixture: await openFixture(name) })));
afterAll(() => Promise.all(fixtures.map(({ fixture }) => fixture.close())));
const [{ fixture: toyLlama }] = fixtures;

describeOnEachBackend('the general pass', (backend) => {
  const toys = casesOn(backend, fixtures);
  it.each(toys)('$name: H and the diagonal of its inverse are PyTorch’s', async ({ fixture }) => {
    await checkHessians(fixture, 4096);
  });

  it.skipIf(isSoftware(backend))('H is the same when the tokens come in several micro-batches', async () => {
    await checkHessians(toyLlama, 48);
  });

  it.each(toys)('$name: the general importance is PyTorch’s', async ({ fixture }) => {
    await checkGeneralImportance(fixture);
  });

  it.skipIf(isSoftware(backend))(
    'says which input columns are dead, and gives their weights no importance',
    async () => {
      const { importance, notes } = await runGeneralPass(toyLlama.checkpoint, toyLlama.open);
      expect(notes).toEqual([
        'layer 1, attentionInput: 1 input columns are zero for every token (5); their weights count as dead',
      ]);
      const values = importance.get('model.layers.1.self_attn.k_proj.weight') as Float32Array;
      const column = values.filter((_, i) => i % 32 === 5);
      expect([...column]).toEqual(Array(16).fill(0));
      expect(values.filter((value) => value > 0)).toHaveLength(16 * 31);
    },
  );

  it('leaves no tensor behind', async () => {
    const before = memory().numTensors;
    await runGeneralPass(toyLlama.checkpoint, toyLlama.open);
    expect(memory().numTensors).toBe(before);
  });
});
