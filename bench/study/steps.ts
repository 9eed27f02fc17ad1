/** One table of the study. */
export interface Step {
  readonly domain: string;
  readonly seed: number;
  readonly pattern: 'unstructured' | '2:4';
  readonly sparsity: number;
}

/** In the order of the tables' rows, the cheap ones first. */
export const METHODS = [
  'magnitude',
  'd-pruner:criterion=balanced',
  'wanda',
  'd-pruner:criterion=balanced+compensate',
  'sparsegpt',
] as const;

/** Those that look at no text: every seed would give the first one's figures. */
export const SEEDLESS: ReadonlySet<string> = new Set(['magnitude']);

export const stepName = ({ domain, seed, pattern, sparsity }: Step): string =>
  `${domain}-${seed}-${pattern === 'unstructured' ? sparsity : pattern.replace(':', 'of')}`;
