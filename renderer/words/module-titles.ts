import type { z } from 'zod';
import { MODULES, type moduleName } from '../../src/contract/result.ts';

export type ModuleName = z.infer<typeof moduleName>;

/** The linear layers as people who read model files know them. */
export const moduleTitles: Record<ModuleName, string> = {
  qProj: 'q',
  kProj: 'k',
  vProj: 'v',
  qkvProj: 'q, k and v',
  oProj: 'o',
  gateProj: 'gate',
  upProj: 'up',
  gateUpProj: 'gate and up',
  downProj: 'down',
};

/** The linear layers that a model's matrices are of, in the order in which they act. */
export function modulesOf(matrices: readonly { readonly module: ModuleName }[]): ModuleName[] {
  const present = new Set(matrices.map(({ module }) => module));
  return MODULES.filter((module) => present.has(module));
}
