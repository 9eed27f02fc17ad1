const MOST_TICKS = 8;
const ROUND_SECONDS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400];

/** Whole seconds, minutes or hours between two times, none of which reads like another. */
export function timeTicks(fromMs: number, untilMs: number): number[] {
  const rough = (untilMs - fromMs) / MOST_TICKS / 1000;
  const stepMs = 1000 * (ROUND_SECONDS.find((seconds) => seconds >= rough) ?? 86_400);
  const ticks: number[] = [];
  for (let at = Math.ceil(fromMs / stepMs) * stepMs; at <= untilMs; at += stepMs) ticks.push(at);
  return ticks;
}
