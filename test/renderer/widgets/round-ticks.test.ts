import { expect, it } from 'vitest';
import { heatColour, inkOn } from '../../../renderer/widgets/heat-colour.ts';
import { roundTicks } from '../../../renderer/widgets/round-ticks.ts';

it('ticks are round numbers around the values', () => {
  expect(roundTicks(-15.2, -5.1, 5)).toEqual([-20, -15, -10, -5]);
  expect(roundTicks(0, 0.37, 4)).toEqual([0, 0.1, 0.2, 0.3, 0.4]);
});

it('one value alone stands between two ticks', () => {
  const ticks = roundTicks(3, 3, 4);
  expect(ticks.length).toBeGreaterThan(1);
  expect(Math.min(...ticks)).toBeLessThanOrEqual(3);
  expect(Math.max(...ticks)).toBeGreaterThanOrEqual(3);
});

it.each(['light', 'dark'] as const)('numbers can be read on every colour of the heat map (%s)', (mode) => {
  for (let share = 0; share <= 1; share += 0.05) {
    const colour = heatColour(mode, share);
    expect(contrast(colour, inkOn(colour))).toBeGreaterThanOrEqual(4.5);
  }
});

function contrast(colour: string, ink: string): number {
  const luminance = (channels: readonly number[]) => {
    const [red = 0, green = 0, blue = 0] = channels.map((channel) => {
      const share = channel / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const back = luminance((colour.match(/\d+/g) ?? []).map(Number));
  const front = ink === '#fff' ? 1 : 0;
  return (Math.max(back, front) + 0.05) / (Math.min(back, front) + 0.05);
}
