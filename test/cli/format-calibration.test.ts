import { describe, expect, it } from 'vitest';
import { formatCalibration } from '../../src/cli/format-calibration.ts';

const domain = {
  used: 128,
  parts: [
    { title: 'CaseHOLD', wanted: 500, used: 64, tokens: 12000 },
    { title: 'BillSum', wanted: 500, used: 64, tokens: 30000 },
  ],
  notes: ['billsum has 64 of the 500 records wanted.'],
};
const open = { wanted: 128, used: 100, tokens: 204800, notes: ['The files were used up.'] };

describe('formatCalibration', () => {
  it('sets what was used beside what was wanted, and repeats the notes', () => {
    const { table, notes } = formatCalibration({ preset: 'legal', domain, open });
    expect(table.split('\n')).toEqual([
      'Calibration       Wanted  Used  Of the mix   Tokens',
      '────────────────  ──────  ────  ──────────  ───────',
      'CaseHOLD             500    64        50 %   12,000',
      'BillSum              500    64        50 %   30,000',
      'Open-domain text     128   100              204,800',
    ]);
    expect(notes).toEqual([...domain.notes, ...open.notes]);
  });

  it('shows only what the run needed', () => {
    expect(formatCalibration({ domain: null, open }).table).not.toContain('CaseHOLD');
    expect(formatCalibration({ domain: null, open: null })).toEqual({ table: '', notes: [] });
  });

  it('has nothing to say of token files', () => {
    const tokens = { domain: { file: 'a.jsonl', sha256: '00' }, open: null };
    expect(formatCalibration(tokens)).toEqual({ table: '', notes: [] });
    expect(formatCalibration(null)).toEqual({ table: '', notes: [] });
  });
});
