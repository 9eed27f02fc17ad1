import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import { useState } from 'react';
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
  const draft = useDraft();
  const [isEditing, setEditing] = useState(false);
  const missing = missingFrom(draft).find(({ step }) => step === 'domain');
  return (
    <>
      <PresetChoice title="Domain" onNew={() => setEditing(true)} />
      {draft.parts.length > 0 && (
        <Section
          title={`Mix of “${draft.title}”`}
          lead={draft.description}
          actions={<Button onClick={() => setEditing(true)}>Edit parts…</Button>}
        >
          <MixSliders />
        </Section>
      )}
      <Section title="How much goes, and what decides">
        <MaskSettings />
      </Section>
      <ExpertSettings />
      {isEditing && <PresetEditor onClose={() => setEditing(false)} />}
      <Stack>
        <StepButtons
          back="/new/model"
          next="/new/data"
          missing={missing && needsOf(draft).domain ? 'Choose a domain to go on.' : null}
        />
      </Stack>
    </>
  );
}
