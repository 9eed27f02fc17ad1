import type { z } from 'zod';
import { MODULES, type moduleName } from '../../src/contract/result.ts';

export type ModuleName = z.infer<typeof moduleName>;

/** The linear layers as people who read model files know them. */
export const moduleTitles: Record<ModuleName, string> = {
  qProj: 'q',
  kProj: 'k',
  vProj: 'v',
  oProj: 'o',
  gateProj: 'gate',
  upProj: 'up',
  downProj: 'down',
};

export { MODULES };
