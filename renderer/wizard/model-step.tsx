import Radio from '@mui/material/Radio';
import RadioGroup from '@mui/material/RadioGroup';
import Stack from '@mui/material/Stack';
import type { KnownModel } from '../../src/contract/model.ts';
import { useService } from '../bridge/use-service.ts';
import { AddModel } from '../models/add-model.tsx';
import { ModelCard } from '../models/model-card.tsx';
import { Answer } from '../widgets/answer.tsx';
import { Section } from '../widgets/section.tsx';
import { changeDraft, useDraft } from './draft.ts';
import { StepButtons } from './step-buttons.tsx';

/** Step 1: one of the models that are remembered, or another folder. */
export function ModelStep() {
  const models = useService('models.list', {});
  const chosen = useDraft((draft) => draft.model);
  const choose = ({ id, name, inspection }: KnownModel) =>
    changeDraft({ model: { id, name, dir: inspection.dir }, name: null, outDir: null });
  return (
    <>
      <Section title="Models on this computer">
        <Answer query={models}>
          {(list) => (
            <RadioGroup
              aria-label="Model"
              sx={{ flexWrap: 'nowrap' }}
              value={chosen?.dir ?? ''}
              onChange={(_, dir) => {
                const model = list.find(({ inspection }) => inspection.dir === dir);
                if (model) choose(model);
              }}
            >
              <Stack spacing={1.5}>
                {list.map((model) => (
                  <ModelCard
                    key={model.id}
                    model={model}
                    isChosen={model.inspection.dir === chosen?.dir}
                    choice={
                      <Radio
                        value={model.inspection.dir}
                        disabled={model.inspection.problems.length > 0}
                        slotProps={{ input: { 'aria-label': model.name } }}
                      />
                    }
                  />
                ))}
              </Stack>
            </RadioGroup>
          )}
        </Answer>
      </Section>
      <AddModel onAdded={choose} />
      <StepButtons next="/new/domain" missing={chosen === null ? 'Choose a model to go on.' : null} />
    </>
  );
}
