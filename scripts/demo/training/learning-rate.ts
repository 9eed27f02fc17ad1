/**
 * The learning rate at a step, as a share of the highest: a linear rise over `warmupSteps`, then a cosine down to a
 * tenth (Loshchilov & Hutter 2017; Brown et al. 2020).
 * @param step from 1 on
 */
export function learningRateShare(step: number, warmupSteps: number, totalSteps: number): number {
  if (step < warmupSteps) return step / warmupSteps;
  const progress = (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps);
  return 0.1 + 0.9 * 0.5 * (1 + Math.cos(Math.PI * progress));
}
