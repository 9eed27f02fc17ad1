import { expect, it } from 'vitest';
import { type PruneSettings, pruneSettings } from '../../../src/contract/settings.ts';
import { shareScores } from '../../../src/engine/comparison/shared-scores.ts';

const shared = pruneSettings.parse({ seed: 7 });
const share = (...methods: Partial<PruneSettings>[]) =>
  shareScores(
    shared,
    methods.map((method) => ({ ...shared, ...method })),
  );

it('makes one scoring of all that the criteria need together', () => {
  const [dual, general, domain] = share({}, { criterion: 'general', sparsity: 0.3 }, { criterion: 'domain' });
  expect(general).toBe(dual);
  expect(domain).toBe(dual);
  expect(dual.needs).toMatchObject({ general: true, statistics: ['fisher'], exact: false });
  expect(dual.settings.seed).toBe(7);
});

it('scores no more than the methods of a list need', () => {
  const [general] = share({ criterion: 'general' }, { method: 'wanda' });
  expect(general.needs).toMatchObject({ general: true, statistics: [] });
});

it('makes the scores of other criteria on the way of the printed one, in any order', () => {
  const [dual, paper] = share({}, { criterion: 'paper' });
  expect(paper).toBe(dual);
  expect(paper.settings.criterion).toBe('paper');
  expect(paper.needs).toMatchObject({ general: true, exact: true });
  expect(share({ criterion: 'paper' }, {})[1].settings).toEqual(paper.settings);
});

it.each<[string, Partial<PruneSettings>, Partial<PruneSettings>]>([
  ['two strengths of the regulariser', { criterion: 'paper' }, { criterion: 'paper', rho: 1 }],
  ['two dampings', {}, { damping: 0.1 }],
  ['general importance of the open text and of both texts', {}, { criterion: 'balanced' }],
])('keeps apart %s', (_, a, b) => {
  const [first, second] = share(a, b);
  expect(second).not.toBe(first);
});

it('does not depend on what only chooses the mask', () => {
  const [plain] = share({});
  const [other] = share({ sparsity: 0.7, mu: 0.1, group: 'row', compensate: true, calibrateOn: 'open' });
  expect(other.settings).toEqual(plain.settings);
});
