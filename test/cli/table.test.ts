import { describe, expect, it } from 'vitest';
import { formatPairs, formatTable } from '../../src/cli/table.ts';

describe('formatTable', () => {
  it('aligns columns under their headings, without trailing blanks', () => {
    const table = formatTable(
      ['Criterion', 'Perplexity', 'Note'],
      [
        ['dual', '21.3', ''],
        ['magnitude', '353', 'no calibration'],
      ],
      ['left', 'right'],
    );
    expect(table.split('\n')).toEqual([
      'Criterion  Perplexity  Note',
      '─────────  ──────────  ──────────────',
      'dual             21.3',
      'magnitude         353  no calibration',
    ]);
  });

  it('has only headings when there are no rows', () => {
    expect(formatTable(['a', 'bc'], [])).toBe('a  bc\n─  ──');
  });

  it('counts characters, not UTF-16 units', () => {
    expect(formatTable(['x', 'y'], [['𝛍', '1']])).toBe('x  y\n─  ─\n𝛍  1');
  });
});

describe('formatPairs', () => {
  it('puts values under each other', () => {
    expect(
      formatPairs([
        ['Memory', '3 GiB'],
        ['Node', '24'],
      ]),
    ).toBe('Memory  3 GiB\nNode    24');
    expect(formatPairs([])).toBe('');
  });
});
