import Box from '@mui/material/Box';
import type { RunResult } from '../../src/contract/result.ts';
import { MuSlider } from './mu-slider.tsx';
import { SparsitySlider } from './sparsity-slider.tsx';

interface MaskSlidersProps {
  readonly result: RunResult;
  readonly sparsity: number;
  readonly onSparsity: (sparsity: number) => void;
  readonly mu: number;
  readonly onMu: (mu: number) => void;
}

/** Another sparsity and another μ for a finished run, as far as its scores allow. */
export function MaskSliders({ result, sparsity, onSparsity, mu, onMu }: MaskSlidersProps) {
  return (
    <Box sx={{ display: 'grid', gap: 4, gridTemplateColumns: { xs: '1fr', md: '1fr 1fr' } }}>
      <SparsitySlider value={sparsity} onChange={onSparsity} />
      <MuSlider
        value={mu}
        onChange={onMu}
        whyDisabled={result.hasBothImportances ? null : 'This run has only one of the two importances.'}
      />
    </Box>
  );
}
