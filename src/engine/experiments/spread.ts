import type { MeasuredSweep } from './sweep.ts';

/** Mean and standard deviation of each text's perplexity over the points, a sentence each. */
export function spreadOf({ reports, points }: MeasuredSweep): string[] {
  if (points.length < 2) return [];
  return reports[0].texts.map(({ name }) => {
    const { mean, deviation } = momentsOf(points.map(({ row }) => row.perplexities[name].perplexity));
    return `Perplexity on ${name}: ${figure(mean)} ± ${figure(deviation)} (mean and standard deviation over ${points.length} draws, ${figure((100 * deviation) / mean)} %). A difference between two settings that is not well above this may be the draw's.`;
  });
}

/** With n − 1 in the denominator: the points are a sample of all draws. */
export function momentsOf(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)) };
}

const figure = (value: number): string => String(Number(value.toPrecision(3)));
