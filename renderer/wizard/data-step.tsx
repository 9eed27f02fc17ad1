import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import { goTo } from '../shell/route.ts';
import { Section } from '../widgets/section.tsx';
import { Term } from '../widgets/term.tsx';
import { formatPercent } from '../words/quantities.ts';
import { changeDraft, useDraft } from './draft.ts';
import { missingFrom, needsOf, presetOf } from './draft-request.ts';
import { EvaluationTasks } from './evaluation-tasks.tsx';
import { EvaluationTexts } from './evaluation-texts.tsx';
import { PartFiles } from './part-files.tsx';
import { StepButtons } from './step-buttons.tsx';

/** Step 3: files for each part of the mix, general text, and texts and tasks to measure on. */
export function DataStep() {
  const draft = useDraft();
  const { domain, open } = needsOf(draft);
  const missing = missingFrom(draft).find(({ step }) => step === 'data');
  return (
    <>
      {!domain && !open && (
        <Alert severity="info" action={<Button onClick={() => goTo('/new/domain')}>Change it</Button>}>
          The chosen method looks at the weights alone. It needs no texts but those to measure on.
        </Alert>
      )}
      {domain &&
        presetOf(draft).parts.map((part) => (
          <Section
            key={part.name}
            title={part.title}
            lead={`${formatPercent(part.share, 0)} of the mix. ${part.template ? 'The data set’s own files, or ready texts.' : 'Ready texts: TXT, JSONL or CSV.'}`}
          >
            <PartFiles
              part={part}
              files={draft.data[part.name] ?? []}
              sequenceLength={draft.settings.sequenceLength}
              onChange={(files) => changeDraft({ data: { ...draft.data, [part.name]: files } })}
            />
          </Section>
        ))}
      {open && (
        <Section
          title={<Term of="openText">General text</Term>}
          lead="Ordinary text in the model’s languages, so that its general ability is kept too."
        >
          <PartFiles
            part={null}
            files={draft.openFiles}
            sequenceLength={draft.settings.openSequenceLength}
            onChange={(openFiles) => changeDraft({ openFiles })}
          />
        </Section>
      )}
      <EvaluationTexts />
      <EvaluationTasks />
      <Stack>
        <StepButtons back="/new/domain" next="/new/hardware" missing={missing?.message ?? null} />
      </Stack>
    </>
  );
}
