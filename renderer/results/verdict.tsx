import Alert from '@mui/material/Alert';
import Typography from '@mui/material/Typography';
import type { RunResult } from '../../src/contract/result.ts';
import { regressionsOf, severityOf } from './regressions.ts';

/** What pruning made worse, before anything else is shown. */
export function Verdict({ result: { texts, tasks } }: { readonly result: RunResult }) {
  const isMeasured = [...texts, ...tasks.flatMap(({ figures }) => figures)].some(({ pruned }) => pruned);
  if (!isMeasured) return null;
  const worse = regressionsOf(texts, tasks);
  if (worse.length === 0) {
    return (
      <Alert severity="success">Nothing that was measured is distinguishably worse than the original.</Alert>
    );
  }
  const isGrave = texts.some((text) => severityOf(text) === 'grave');
  return (
    <Alert severity={isGrave ? 'error' : 'warning'}>
      <Typography variant="body2">
        <strong>Worse than the original, and not by chance:</strong> {worse.join('; ')}.
        {isGrave && ' A perplexity of more than twice the original’s is a loss that anybody will notice.'}
      </Typography>
    </Alert>
  );
}
