import { type ExperimentName, METHOD_POINTS, type SWEEPS } from '../../src/contract/experiment.ts';
import { formatPercent } from '../words/quantities.ts';

export type SweepName = (typeof SWEEPS)[number];

export const isSweep = (name: ExperimentName): name is SweepName => name in points;

export const experimentTitles: Readonly<Record<ExperimentName, string>> = {
  sparsity: 'Sparsity',
  methods: 'Methods side by side',
  mu: 'General ↔ domain (μ)',
  lambda: 'Strength of the printed regulariser (λ)',
  'calibration-size': 'Number of domain samples',
  mix: 'Mix of the domain',
  'open-to-domain': 'General text against domain samples',
  seeds: 'Other draws (seeds)',
  similarity: 'Similarity of masks',
  distributions: 'Distribution of importances',
  fisher: 'Fisher against second derivatives',
};

/** What an experiment answers, and what it costs. */
export const experimentLeads: Readonly<Record<ExperimentName, string>> = {
  sparsity: 'How much of the model can go? Scored once; a mask is made and measured for each point.',
  methods:
    'What D-Pruner keeps beside magnitude, Wanda and SparseGPT, at one sparsity and on one calibration: a table of methods by texts and tasks.',
  mu: 'From general ability alone to the domain alone. Scored once; a mask is made and measured for each point.',
  lambda:
    'What the regulariser of the published formula changes. One pass over the texts for all points; each is measured.',
  'calibration-size':
    'How many samples of the domain are enough? Each point is calibrated, pruned and measured anew.',
  mix: 'Other shares of the domain’s parts. Each point is calibrated, pruned and measured anew.',
  'open-to-domain':
    'As many sequences in all, shared out otherwise between general text and the domain. Each point is calibrated anew.',
  seeds: 'How far figures and masks differ from draw to draw of the samples. Each point is calibrated anew.',
  similarity:
    'How many weights the masks of finished runs over one model have in common, by layer and module. Takes seconds.',
  distributions:
    'How the importances that finished runs kept are distributed, by layer and module. Takes seconds.',
  fisher:
    'Whether the empirical Fisher orders weights as exact second derivatives do: 16 sequences of 128 tokens, 16 weights of each matrix. For small models.',
};

interface PointWords {
  /** What one of them is, as the field for them says. */
  readonly label: string;
  /** What is taken where none are given. */
  readonly usual: string;
  readonly kind: 'method' | 'percent' | 'fraction' | 'number' | 'count' | 'seed' | 'mix';
}

/** Where the points of a sweep lie. */
export const points: Readonly<Record<SweepName, PointWords>> = {
  sparsity: { label: 'Percent of the weights that go', usual: '10, 20, 30, 40, 50, 60, 70', kind: 'percent' },
  methods: {
    label: `Methods, of ${METHOD_POINTS.join(', ')}`,
    usual: METHOD_POINTS.slice(0, 5).join(', '),
    kind: 'method',
  },
  mu: { label: 'Values of μ, from 0 to 1', usual: '0, 0.1, 0.2, … 1', kind: 'fraction' },
  lambda: { label: 'Values of λ', usual: '0, 0.0001, 0.001, 0.01, 0.1, 1', kind: 'number' },
  'calibration-size': { label: 'Numbers of samples', usual: '100, 500, 1000, 1500', kind: 'count' },
  mix: {
    label: 'Mixes, the parts in their order',
    usual: 'the domain’s, all alike, 80 % of each part',
    kind: 'mix',
  },
  'open-to-domain': {
    label: 'Percent of the sequences that are the domain’s',
    usual: '10, 25, 50, 75, 90',
    kind: 'percent',
  },
  seeds: { label: 'Seeds', usual: '0, 1, 2, 3, 4', kind: 'seed' },
};

/** The points of a sweep as they are typed: percent where a person thinks in percent. */
export function pointsText(sweep: SweepName, values: readonly string[] | null): string {
  if (values === null) return 'the usual ones';
  if (points[sweep].kind !== 'percent') return values.join(', ');
  return values.map((value) => formatPercent(Number(value))).join(', ');
}
