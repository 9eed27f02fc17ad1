import { expect, it } from 'vitest';
import * as quantities from '../../../renderer/words/quantities.ts';

/** Numbers keep together with their units: the blank between them does not break. */
const unbroken = (text: string) => text.replaceAll(' ', '\u00a0');

it.each([
  [quantities.formatPercent(0.5), '50 %'],
  [quantities.formatPercent(0.4999), '49.99 %'],
  [quantities.formatShare(0.98), '98.0 %'],
  [quantities.formatChange(9.68, 16.6), '+71 %'],
  [quantities.formatChange(10, 9.5), '−5.0 %'],
  [quantities.formatBytes(0), '0 bytes'],
  [quantities.formatBytes(1536), '1.5 KiB'],
  [quantities.formatBytes(23.5 * 1024 ** 3), '23.5 GiB'],
  [quantities.formatDuration(0), '0 s'],
  [quantities.formatDuration(200_000), '3 min 20 s'],
  [quantities.formatDuration(7_500_000), '2 h 5 min'],
  [quantities.formatCounted(1, 'record'), '1 record'],
  [quantities.formatCounted(1200, 'record'), '1,200 records'],
  [quantities.formatLargeCount(2_164_416), '2.16 million'],
])('%s', (text, expected) => {
  expect(text).toBe(unbroken(expected));
});

it('a figure has so many digits that count, and never an exponent', () => {
  expect(quantities.formatFigure(9.6834)).toBe('9.68');
  expect(quantities.formatFigure(9.996)).toBe('10.0');
  expect(quantities.formatFigure(2331.4)).toBe('2,331');
});

it('what takes no time to speak of is not called nothing', () => {
  expect(quantities.formatDuration(300)).toBe(`under ${unbroken('1 s')}`);
});

it('a range whose ends read the same is one duration', () => {
  expect(quantities.formatDurationRange({ low: 1000, high: 1200 })).toBe(unbroken('1 s'));
  const range = quantities.formatDurationRange({ low: 1000, high: 3000 });
  expect(range).toBe(`${unbroken('1 s')} to ${unbroken('3 s')}`);
});

it.each([
  [3400, 8600, '3 s', '9 s'],
  [14_000, 41_000, '15 s', '40 s'],
  [94_000, 450_000, '1 min 30 s', '7 min 30 s'],
  [1_234_000, 2_345_000, '21 min', '39 min'],
  [5_000_000, 40_000_000, '1 h 20 min', '11 h'],
])('a range from %d to %d ms has no figures that an estimate cannot hold', (low, high, from, to) => {
  expect(quantities.formatDurationRange({ low, high })).toBe(`${unbroken(from)} to ${unbroken(to)}`);
});

it('a range from next to nothing says only how far it goes', () => {
  expect(quantities.formatDurationRange({ low: 100, high: 1200 })).toBe(`up to ${unbroken('1 s')}`);
  expect(quantities.formatDurationRange({ low: 0, high: 300 })).toBe(`under ${unbroken('1 s')}`);
});

it.each([
  ['/models/small', 'small'],
  ['C:\\models\\small\\', 'small'],
])('the last part of %s', (path, name) => {
  expect(quantities.fileName(path)).toBe(name);
});
