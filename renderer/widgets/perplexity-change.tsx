import Box from '@mui/material/Box';
import { formatFigure } from '../words/quantities.ts';

/** Perplexity before and after: `29.5 → 41.2`. */
export function PerplexityChange({
  figures,
}: {
  readonly figures: { readonly dense: number; readonly pruned: number } | null;
}) {
  if (figures === null) return <span>–</span>;
  return (
    <Box component="span" sx={{ whiteSpace: 'nowrap' }}>
      {formatFigure(figures.dense)} → <strong>{formatFigure(figures.pruned)}</strong>
    </Box>
  );
}
