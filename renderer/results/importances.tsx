import Box from '@mui/material/Box';
import Stack from '@mui/material/Stack';
import { useState } from 'react';
import type { RunResult } from '../../src/contract/result.ts';
import { useService } from '../bridge/use-service.ts';
import { Answer } from '../widgets/answer.tsx';
import { ChoiceField } from '../widgets/choice-field.tsx';
import { Section } from '../widgets/section.tsx';
import { Term } from '../widgets/term.tsx';
import { type ModuleName, modulesOf, moduleTitles } from '../words/module-titles.ts';
import { ImportanceHistogram } from './importance-histogram.tsx';
import { ImportanceRange } from './importance-range.tsx';
import { JointImportance } from './joint-importance.tsx';

interface ImportancesProps {
  readonly runId: number;
  readonly matrices: RunResult['matrices'];
}

/** How importance is distributed: over the layers, within a matrix, and general against domain. */
export function Importances({ runId, matrices }: ImportancesProps) {
  const distributions = useService('results.distributions', { runId }, { forget: true });
  const layers = [...new Set(matrices.map(({ layer }) => layer))];
  const [module, setModule] = useState<ModuleName>('downProj');
  const [layer, setLayer] = useState(String(layers[Math.floor(layers.length / 2)] ?? 0));
  return (
    <Section
      title={<Term of="importance">Importance of the weights</Term>}
      lead="As natural logarithms: one more means e ≈ 2.7 times as important."
      actions={
        <>
          <ChoiceField
            label="Module"
            value={module}
            choices={modulesOf(matrices).map((one) => [one, moduleTitles[one]])}
            onChange={setModule}
          />
          <ChoiceField
            label="Layer"
            value={layer}
            choices={layers.map((one) => [String(one), String(one)])}
            onChange={setLayer}
          />
        </>
      }
    >
      <Answer query={distributions} waitingFor="Reading the histograms">
        {({ matrices: all }) => {
          const ofModule = all.filter((matrix) => matrix.module === module);
          const chosen = ofModule.find((matrix) => matrix.layer === Number(layer));
          return (
            <Stack spacing={3}>
              <ImportanceRange matrices={ofModule} module={module} />
              <Box sx={{ display: 'grid', gap: 3, gridTemplateColumns: { xs: '1fr', lg: '1fr 1fr' } }}>
                {chosen && <ImportanceHistogram matrix={chosen} />}
                {chosen?.general && chosen.domain && (
                  <JointImportance runId={runId} layer={Number(layer)} module={module} />
                )}
              </Box>
            </Stack>
          );
        }}
      </Answer>
    </Section>
  );
}
