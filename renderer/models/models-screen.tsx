import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import type { KnownModel } from '../../src/contract/model.ts';
import { useChange, useService } from '../bridge/use-service.ts';
import { goTo } from '../shell/route.ts';
import { Screen } from '../shell/screen.tsx';
import { Answer } from '../widgets/answer.tsx';
import { Confirm } from '../widgets/confirm.tsx';
import { Section } from '../widgets/section.tsx';
import { changeDraft } from '../wizard/draft.ts';
import { PresetChoice } from '../wizard/preset-choice.tsx';
import { PresetEditor } from '../wizard/preset-editor.tsx';
import { AddModel } from './add-model.tsx';
import { ModelCard } from './model-card.tsx';
import { UsedData } from './used-data.tsx';

/** What runs are made of: models and domains. */
export function ModelsScreen() {
  const models = useService('models.list', {});
  const [isEditing, setEditing] = useState(false);
  return (
    <Screen
      title="Models & data"
      lead="Models are remembered by their folder, data by path and hash; the files stay where they are and are never written to."
    >
      <Section title="Models">
        <Answer query={models}>
          {(list) => (
            <Stack spacing={1.5}>
              {list.map((model) => (
                <ModelCard key={model.id} model={model} actions={<ModelActions model={model} />} />
              ))}
            </Stack>
          )}
        </Answer>
      </Section>
      <AddModel />
      <PresetChoice title="Domains" onNew={() => setEditing(true)} />
      <UsedData />
      {isEditing && <PresetEditor onClose={() => setEditing(false)} />}
    </Screen>
  );
}

function ModelActions({ model }: { readonly model: KnownModel }) {
  const { id, name, isDemo, inspection } = model;
  const remove = useChange('models.remove', ['models.list']);
  const [isAsking, setAsking] = useState(false);
  return (
    <Stack direction="row" spacing={1}>
      <Button
        variant="outlined"
        size="small"
        disabled={inspection.problems.length > 0}
        aria-label={`Prune ${name}`}
        onClick={() => {
          changeDraft({ model: { id, name, dir: inspection.dir }, name: null, outDir: null });
          goTo('/new/domain');
        }}
      >
        Prune
      </Button>
      {!isDemo && (
        <Button size="small" aria-label={`Forget ${name}`} onClick={() => setAsking(true)}>
          Forget…
        </Button>
      )}
      <Confirm
        isOpen={isAsking}
        title={`Forget ${name}?`}
        verb="Forget it"
        onClose={() => setAsking(false)}
        onConfirm={() => remove.mutate({ id })}
      >
        <Typography>It is only taken off this list. Its files stay, and so do its runs.</Typography>
      </Confirm>
    </Stack>
  );
}
