import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import type { ReactNode } from 'react';
import type { Prediction } from '../../src/contract/importance.ts';
import { Term } from '../widgets/term.tsx';
import { formatShare } from '../words/quantities.ts';

interface KeptSharesProps {
  readonly prediction: Prediction;
  /** Of the run's own mask, to compare with. */
  readonly own: Prediction | null;
}

/** Of all weights and of each importance that the run has, how much a mask keeps. */
export function KeptShares({ prediction, own }: KeptSharesProps) {
  const { kept, size, keptGeneral, keptDomain, keptFinal } = prediction;
  return (
    <Box sx={{ display: 'grid', gap: 3, gridTemplateColumns: 'repeat(auto-fit, minmax(180px, 1fr))' }}>
      <Share label="Weights kept" share={kept / size} own={own && own.kept / own.size} colour="data.dense">
        <Term of="kept">Weights kept</Term>
      </Share>
      {keptGeneral !== null && (
        <Share
          label="General importance kept"
          share={keptGeneral}
          own={own?.keptGeneral ?? null}
          colour="data.general"
        >
          <Term of="importance">General importance kept</Term>
        </Share>
      )}
      {keptDomain !== null && (
        <Share
          label="Domain importance kept"
          share={keptDomain}
          own={own?.keptDomain ?? null}
          colour="data.domain"
        >
          Domain importance kept
        </Share>
      )}
      {keptFinal !== null && (
        <Share
          label="Final importance kept"
          share={keptFinal}
          own={own?.keptFinal ?? null}
          colour="data.final"
        >
          Final importance kept
        </Share>
      )}
    </Box>
  );
}

interface ShareProps {
  readonly label: string;
  readonly share: number;
  readonly own: number | null;
  readonly colour: string;
  readonly children: ReactNode;
}

function Share({ label, share, own, colour, children }: ShareProps) {
  return (
    <Box>
      <Typography variant="body2" color="textSecondary" component="div" sx={{ minHeight: 28 }}>
        {children}
      </Typography>
      <Typography sx={{ fontSize: '1.5rem', fontWeight: 640, lineHeight: 1.2 }}>
        {formatShare(share)}
      </Typography>
      <Box
        role="meter"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(100 * share)}
        sx={{ height: 8, borderRadius: 4, bgcolor: 'data.free', overflow: 'hidden', my: 0.75 }}
      >
        <Box sx={{ height: '100%', bgcolor: colour }} style={{ width: `${100 * share}%` }} />
      </Box>
      <Typography variant="caption" color="textSecondary">
        {own === null ? ' ' : `the run: ${formatShare(own)}`}
      </Typography>
    </Box>
  );
}
