import { afterAll, expect, it } from 'vitest';
import { memory } from '../../../src/engine/tensor/ops.ts';
import { expectClose } from '../closeness.ts';
import { casesOn, describeOnEachBackend, isSoftware } from '../each-backend.ts';
import { openFixture, TOYS } from '../oracle-fixture.ts';
import { runDomainPass } from './engine-passes.ts';
import { checkGradientStatistics, TOLERANCE } from './oracle-checks.ts';

const fixtures = await Promise.all(TOYS.map(async (name) => ({ name, fixture: await openFixture(name) })));
afterAll(() => Promise.all(fixtures.map(({ fixture }) => fixture.close())));
const [{ fixture: toyLlama }] = fixtures;
const { checkpoint, domain } = toyLlama;

describeOnEachBackend('the domain pass', (backend) => {
  const toys = casesOn(backend, fixtures);
  it.each(toys)('$name: loss, mean g, mean |g| and mean g² are PyTorch’s', async ({ fixture }) => {
    await checkGradientStatistics(fixture, 4096);
  });

  it.skipIf(isSoftware(backend))('is the same with one sample or a few in a micro-batch', async () => {
    await checkGradientStatistics(toyLlama, 1);
    await checkGradientStatistics(toyLlama, 40);
  });

  it.each(casesOn(backend, [...domain.keys()]))(
    'sample %i: loss and every gradient are PyTorch’s',
    async (j) => {
      const { means, loss } = await runDomainPass(checkpoint, [domain[j]], ['gradient']);
      expectClose([loss], [toyLlama.facts.losses[j]], 1e-5, 'loss');
      expect(means.size).toBe(14);
      for (const [name, { gradient }] of means) {
        const expected = await toyLlama.expected(`sample.${j}.${name}.gradient`);
        expectClose(gradient ?? [], expected, TOLERANCE, name);
      }
    },
  );

  it('the activations at each layer boundary and their gradients are PyTorch’s', async () => {
    const { written } = await runDomainPass(checkpoint, domain, ['fisher'], 1); // a sample a pack
    for (const j of domain.keys()) {
      for (const boundary of [0, 1, 2]) {
        const [value, gradient] = written.filter((one) => one.pack === j && one.boundary === boundary);
        const name = `sample.${j}.boundary`;
        expectClose(value.values, await toyLlama.expected(`${name}.${boundary}`), 1e-5, 'activations');
        const expected = await toyLlama.expected(`${name}_gradient.${boundary}`);
        expectClose(gradient.values, expected, TOLERANCE, `gradient at ${boundary}`);
      }
    }
  });

  it.skipIf(isSoftware(backend))('g·|g| averages the samples’ own', async () => {
    const { means } = await runDomainPass(checkpoint, domain, ['signedSquare']);
    for (const [name, { signedSquare, fisher }] of means) {
      expect(fisher, 'only what was asked for').toBeUndefined();
      const gradients = await Promise.all(
        domain.map((_, j) => toyLlama.expected(`sample.${j}.${name}.gradient`)),
      );
      const expected = Float64Array.from(gradients[0], (_, m) => {
        const terms = gradients.map((g) => g[m] * Math.abs(g[m]));
        return terms.reduce((total, term) => total + term, 0) / terms.length;
      });
      expectClose(signedSquare ?? [], expected, TOLERANCE, name);
    }
  });

  it.each(toys)('$name: leaves no tensor behind', async ({ fixture }) => {
    const before = memory().numTensors;
    await runDomainPass(
      fixture.checkpoint,
      fixture.domain,
      ['fisher', 'gradientAbs', 'gradient', 'signedSquare'],
      40,
    );
    expect(memory().numTensors).toBe(before);
  });
});
