import Alert from '@mui/material/Alert';
import Typography from '@mui/material/Typography';
import type { AuditVerdict } from '../../src/contract/audit.ts';
import { PathText } from '../widgets/path-text.tsx';
import { formatCounted } from '../words/quantities.ts';

/** Whether the chain of hashes holds. */
export function VerdictAlert({
  verdict: { isIntact, entries, lastHash, fault },
}: {
  readonly verdict: AuditVerdict;
}) {
  return (
    <Alert severity={isIntact ? 'success' : 'error'} role="status">
      <Typography variant="body2">
        {isIntact
          ? `The chain of ${formatCounted(entries, 'line')} is intact.`
          : `The chain breaks at line ${fault?.sequence}: ${fault?.message}`}
      </Typography>
      {lastHash && (
        <Typography variant="body2">
          Last hash: <PathText path={lastHash} />. Keep it elsewhere: a trail that was cut off or made anew
          ends in another.
        </Typography>
      )}
    </Alert>
  );
}
