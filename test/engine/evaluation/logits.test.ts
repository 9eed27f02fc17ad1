import { afterAll, expect, it } from 'vitest';
import { sequenceLogits } from '../../../src/engine/evaluation/logits.ts';
import { memory } from '../../../src/engine/tensor/ops.ts';
import { expectClose } from '../closeness.ts';
import { describeOnEachBackend } from '../each-backend.ts';
import { openFixture, TOYS } from '../oracle-fixture.ts';

const fixtures = await Promise.all(TOYS.map(async (name) => ({ name, fixture: await openFixture(name) })));
afterAll(() => Promise.all(fixtures.map(({ fixture }) => fixture.close())));

describeOnEachBackend('sequenceLogits', () => {
  it.each(fixtures)('$name: the logits of every sample are PyTorch’s', async ({ fixture }) => {
    const before = memory().numTensors;
    for (const [j, sample] of fixture.domain.entries()) {
      const logits = await sequenceLogits(fixture.checkpoint, sample);
      expectClose(logits, await fixture.expected(`sample.${j}.logits`), 1e-5, `sample ${j}`);
    }
    expect(memory().numTensors).toBe(before);
  });
});
