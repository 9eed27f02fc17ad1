import type { PruneSettings } from '../../contract/settings.ts';
import { type Needs, needsOf } from '../run/needs.ts';

/** Passes over the calibration whose scores several methods' masks are made from. */
export interface SharedScores {
  /** What the passes depend on. */
  readonly settings: PruneSettings;
  /** All that the methods need together. */
  readonly needs: Needs;
}

/**
 * Shares out methods among as few scorings as possible. The printed criterion's scores hold for one choice of its own
 * settings only, but others' can be made on the same way; criteria whose general importance sees both texts need
 * another general pass; beside that, only the damping changes a score. Methods without scores go with any.
 * @returns for each of the settings, in their order
 */
export function shareScores(
  shared: PruneSettings,
  methods: readonly PruneSettings[],
): readonly SharedScores[] {
  const hosts = methods.map((each) => hostOf(each, methods));
  const scores = new Map<string, SharedScores>();
  for (const [i, each] of methods.entries()) {
    const key = keyOf(hosts[i]);
    const { settings, needs } = scores.get(key) ?? {
      settings: scoringSettings(shared, hosts[i]),
      needs: NOTHING,
    };
    scores.set(key, { settings, needs: together(needs, needsOf(each, false)) });
  }
  return hosts.map((host) => scores.get(keyOf(host)) as SharedScores);
}

/** The method whose scoring makes the scores of this one, too: the first of the printed criterion, where that can. */
function hostOf(settings: PruneSettings, methods: readonly PruneSettings[]): PruneSettings {
  if (isPrinted(settings) || needsOf(settings, false).mixed) return settings;
  const { damping } = settings;
  return methods.find((each) => isPrinted(each) && each.damping === damping) ?? settings;
}

const isPrinted = ({ method, criterion }: PruneSettings): boolean =>
  method === 'd-pruner' && criterion === 'paper';

function keyOf(settings: PruneSettings): string {
  const { damping, aggregation, lambda, alpha, rho, regularizer } = settings;
  const { mixed } = needsOf(settings, false);
  const printed = isPrinted(settings) && { aggregation, lambda, alpha, rho, regularizer };
  return JSON.stringify({ damping, mixed, printed });
}

/** One and the same for all methods that share scores, whichever comes first. */
function scoringSettings(shared: PruneSettings, settings: PruneSettings): PruneSettings {
  const { damping, criterion, aggregation, lambda, alpha, rho, regularizer } = settings;
  const { mixed } = needsOf(settings, false);
  const plain = { ...shared, method: 'd-pruner' as const, damping };
  if (isPrinted(settings)) return { ...plain, criterion, aggregation, lambda, alpha, rho, regularizer };
  return { ...plain, criterion: mixed ? criterion : 'dual' };
}

const NOTHING: Needs = {
  general: false,
  mixed: false,
  statistics: [],
  exact: false,
  layerwise: false,
  outliers: false,
  domain: false,
  open: false,
};

export const together = (a: Needs, b: Needs): Needs => ({
  general: a.general || b.general,
  mixed: a.mixed || b.mixed,
  statistics: [...new Set([...a.statistics, ...b.statistics])],
  exact: a.exact || b.exact,
  layerwise: a.layerwise || b.layerwise,
  outliers: a.outliers || b.outliers,
  domain: a.domain || b.domain,
  open: a.open || b.open,
});
