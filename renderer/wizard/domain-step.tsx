import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import { useCallback, useState } from 'react';
import { Section } from '../widgets/section.tsx';
import { useDraft } from './draft.ts';
import { missingFrom, needsOf } from './draft-request.ts';
import { ExpertSettings } from './expert-settings.tsx';
import { MaskSettings } from './mask-settings.tsx';
import { MixSliders } from './mix-sliders.tsx';
import { PresetChoice } from './preset-choice.tsx';
import { PresetEditor } from './preset-editor.tsx';
import { StepButtons } from './step-buttons.tsx';

/** Step 2: the domain's mix, how much goes, and what decides. */
export function DomainStep() {
  const [isEditing, setEditing] = useState(false);
  const edit = useCallback(() => setEditing(true), []);
  const isMissing = useDraft(
    (draft) => needsOf(draft).domain && missingFrom(draft).some(({ step }) => step === 'domain'),
  );
  return (
    <>
      <PresetChoice title="Domain" onNew={edit} />
      <Mix onEdit={edit} />
      <Section title="How much goes, and what decides">
        <MaskSettings />
      </Section>
      <ExpertSettings />
      {isEditing && <PresetEditor onClose={() => setEditing(false)} />}
      <Stack>
        <StepButtons
          back="/new/model"
          next="/new/data"
          missing={isMissing ? 'Choose a domain to go on.' : null}
        />
      </Stack>
    </>
  );
}

function Mix({ onEdit }: { readonly onEdit: () => void }) {
  const title = useDraft((draft) => draft.title);
  const description = useDraft((draft) => draft.description);
  const hasParts = useDraft((draft) => draft.parts.length > 0);
  if (!hasParts) return null;
  return (
    <Section
      title={`Mix of “${title}”`}
      lead={description}
      actions={<Button onClick={onEdit}>Edit parts…</Button>}
    >
      <MixSliders />
    </Section>
  );
}
