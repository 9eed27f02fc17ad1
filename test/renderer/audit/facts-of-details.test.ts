import { expect, it } from 'vitest';
import { factsOfDetails } from '../../../renderer/audit/facts-of-details.ts';

it('names each value of a line by the way to it', () => {
  const details = {
    model: { dir: '/models/small', fingerprint: 'ab12' },
    data: [
      { part: 'casehold', path: '/texts/a.csv', sha256: '4f' },
      { part: 'open', path: '/texts/b.txt', sha256: '5e' },
    ],
    settings: { sparsity: 0.5, rho: null },
    runs: [3, 4],
    none: [],
  };
  expect(factsOfDetails(details)).toEqual([
    ['model, dir', '/models/small'],
    ['model, fingerprint', 'ab12'],
    ['data 1, part', 'casehold'],
    ['data 1, path', '/texts/a.csv'],
    ['data 1, sha256', '4f'],
    ['data 2, part', 'open'],
    ['data 2, path', '/texts/b.txt'],
    ['data 2, sha256', '5e'],
    ['settings, sparsity', '0.5'],
    ['settings, rho', 'none'],
    ['runs', '3, 4'],
  ]);
});
