import { describe, expect, it } from 'vitest';
import { methodList } from '../../../src/cli/compare/method-list.ts';
import { UsageError } from '../../../src/cli/failure.ts';
import { pruneSettings } from '../../../src/contract/settings.ts';

describe('a list of methods', () => {
  it('is one of names with settings and compensation', () => {
    const text =
      'magnitude, wanda+compensate,d-pruner:criterion=paper:rho=1:regularizer=no,sparsegpt:block-size=64';
    expect(methodList(text)).toEqual([
      { name: 'magnitude', settings: { method: 'magnitude' } },
      { name: 'wanda+compensate', settings: { method: 'wanda', compensate: true } },
      {
        name: 'd-pruner:criterion=paper:rho=1:regularizer=no',
        settings: { method: 'd-pruner', criterion: 'paper', rho: 1, regularizer: false },
      },
      { name: 'sparsegpt:block-size=64', settings: { method: 'sparsegpt', blockSize: 64 } },
    ]);
  });

  it('takes every criterion, group and allocation there is', () => {
    const { criterion, group, allocation, calibrateOn } = pruneSettings.shape;
    const values = {
      criterion: criterion.unwrap().options,
      group: group.unwrap().unwrap().options,
      allocation: allocation.unwrap().options,
      'calibrate-on': calibrateOn.unwrap().options,
    };
    for (const [name, options] of Object.entries(values))
      for (const option of options)
        expect(methodList(`d-pruner:${name}=${option}`)[0].settings).toMatchObject({ method: 'd-pruner' });
  });

  it('may name the dense model, which is measured anyway', () => {
    expect(methodList('dense,wanda').map(({ name }) => name)).toEqual(['wanda']);
  });

  it.each([
    ['', /"".*one of: dense, d-pruner, magnitude, wanda, sparsegpt/],
    ['dense', /no method.*one of: d-pruner/],
    ['wandaa', /"wandaa".*one of: dense, d-pruner, magnitude, wanda, sparsegpt/],
    ['wanda,,magnitude', /has ""/],
    ['wanda:mu=0.5', /"wanda:mu=0.5" has "mu=0.5".*one of: group, .*damping, blocking, update\.$/],
    ['d-pruner:mu', /"mu".*SETTING=VALUE is expected/],
    ['d-pruner:mu=', /"mu="/],
    ['d-pruner:mu=2', /mu "2", but a number from 0 to 1 is expected/],
    ['d-pruner:criterion=best', /criterion "best", but one of: dual, .*paper, general, domain is expected/],
    ['d-pruner:regularizer=off', /regularizer "off", but one of: yes, no/],
    ['d-pruner:sparsity=0.3', /"sparsity=0.3".*criterion, mu/],
    ['d-pruner:mu=0.1:mu=0.2', /sets mu twice/],
    ['wanda+update', /"\+update".*\+compensate/],
    ['wanda+compensate+compensate', /nothing but one \+compensate/],
    ['wanda+compensate:group=row', /"\+compensate:group=row"/],
    ['sparsegpt+compensate', /updates the weights that stay by itself/],
    ['wanda,magnitude,wanda', /"wanda" twice/],
  ])('is refused with what is expected: %s', (text, message) => {
    expect(() => methodList(text)).toThrow(UsageError);
    expect(() => methodList(text)).toThrow(message);
  });
});
