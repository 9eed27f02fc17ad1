import type { Progress, Stage } from '../contract/progress.ts';
import { formatCount, formatDuration } from './quantities.ts';

/** What a stage does, and what it counts. */
const STAGES: Record<Stage, { readonly title: string; readonly unit: string }> = {
  calibration: { title: 'Calibration data', unit: 'part' },
  general: { title: 'General importance', unit: 'layer' },
  'open-forward': { title: 'Open text, forward', unit: 'layer' },
  'open-backward': { title: 'Open text, backward', unit: 'layer' },
  forward: { title: 'Domain, forward', unit: 'layer' },
  backward: { title: 'Domain, backward', unit: 'layer' },
  score: { title: 'Scores', unit: 'layer' },
  outliers: { title: 'Outliers of each layer', unit: 'layer' },
  prune: { title: 'Pruning', unit: 'layer' },
  export: { title: 'Writing the pruned model', unit: 'file' },
  verify: { title: 'Verifying it', unit: 'file' },
  evaluate: { title: 'Evaluation', unit: 'layer' },
};

/** One line such as `General importance: layer 12/30, 1,234 tokens/s, 3 min 20 s left`. */
export function formatProgress({
  stage,
  done,
  total,
  unit = STAGES[stage].unit,
  tokensPerSecond,
  remainingMs,
  message,
}: Progress): string {
  const { title } = STAGES[stage];
  const parts = [
    // `done` counts what is finished; a person looks for what is at work.
    ...(total > 0 ? [`${unit} ${Math.min(Math.floor(done) + 1, total)}/${total}`] : []),
    ...(isKnown(tokensPerSecond) ? [`${formatCount(tokensPerSecond)} tokens/s`] : []),
    ...(isKnown(remainingMs) && remainingMs >= 500 ? [`${formatDuration(remainingMs)} left`] : []),
    ...(message ? [message] : []),
  ];
  return parts.length > 0 ? `${title}: ${parts.join(', ')}` : title;
}

/** At the very start of a stage there is nothing yet to divide by. */
const isKnown = (figure: number | undefined): figure is number =>
  figure !== undefined && Number.isFinite(figure);

/** A line that fits a terminal's row: a longer one would wrap, and could then not be redrawn. */
export function fitLine(line: string, columns: number): string {
  const characters = [...line];
  return characters.length < columns ? line : `${characters.slice(0, Math.max(0, columns - 2)).join('')}…`;
}
