import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatFigure,
  formatPercent,
} from '../../src/cli/quantities.ts';

describe('quantities', () => {
  it('groups counts by thousands', () => {
    expect(formatCount(1234567)).toBe('1,234,567');
    expect(formatCount(0)).toBe('0');
  });

  it('gives figures their significant digits, and large ones no fewer than whole', () => {
    expect(formatFigure(9.6834)).toBe('9.68');
    expect(formatFigure(353.24)).toBe('353');
    expect(formatFigure(2331.4)).toBe('2,331');
    expect(formatFigure(0.012345)).toBe('0.0123');
    expect(formatFigure(9.996)).toBe('10.0');
    expect(formatFigure(0)).toBe('0.00');
  });

  it('rounds percentages to two decimals and drops zeros', () => {
    expect(formatPercent(0.5)).toBe('50 %');
    expect(formatPercent(0.499912)).toBe('49.99 %');
  });

  it('gives bytes in binary units', () => {
    expect(formatBytes(512)).toBe('512 bytes');
    expect(formatBytes(1536)).toBe('1.5 KiB');
    expect(formatBytes(1024 ** 2 - 1)).toBe('1.0 MiB');
    expect(formatBytes(23.4 * 1024 ** 3)).toBe('23 GiB');
  });

  it('gives durations in their two largest units', () => {
    expect(formatDuration(400)).toBe('0 s');
    expect(formatDuration(59_400)).toBe('59 s');
    expect(formatDuration(59_600)).toBe('1 min');
    expect(formatDuration(200_000)).toBe('3 min 20 s');
    expect(formatDuration(7_500_000)).toBe('2 h 5 min');
    expect(formatDuration(3_599_900)).toBe('1 h');
  });
});
