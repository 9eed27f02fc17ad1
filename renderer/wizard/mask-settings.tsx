import Box from '@mui/material/Box';
import { MuSlider } from '../widgets/mu-slider.tsx';
import { SparsitySlider } from '../widgets/sparsity-slider.tsx';
import { changeSettings, useDraft } from './draft.ts';

/** Sparsity and general ↔ domain. Both can be changed again after the run, in seconds. */
export function MaskSettings() {
  const { sparsity, mu, method, criterion, pattern } = useDraft(({ settings }) => settings);
  const hasMu = method === 'd-pruner' && (criterion === 'dual' || criterion === 'balanced');
  return (
    <Box sx={{ display: 'grid', gap: 4, gridTemplateColumns: { xs: '1fr', lg: '1fr 1fr' } }}>
      <SparsitySlider
        value={sparsity}
        onChange={(value) => changeSettings({ sparsity: value })}
        whyDisabled={
          pattern === 'unstructured' ? null : `The pattern ${pattern} is half by its nature; see Expert.`
        }
      />
      <MuSlider
        value={mu}
        onChange={(value) => changeSettings({ mu: value })}
        whyDisabled={hasMu ? null : 'Only the dual and the balanced criterion have it; see Expert.'}
      />
    </Box>
  );
}
