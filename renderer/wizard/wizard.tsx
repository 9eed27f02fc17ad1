import type { ReactNode } from 'react';
import { Screen } from '../shell/screen.tsx';
import { DataStep } from './data-step.tsx';
import { DomainStep } from './domain-step.tsx';
import { useDraft } from './draft.ts';
import { type DraftStep, missingFrom } from './draft-request.ts';
import { HardwareStep } from './hardware-step.tsx';
import { ModelStep } from './model-step.tsx';
import { Steps, type StepTitle } from './steps.tsx';

export const DRAFT_STEPS = ['model', 'domain', 'data', 'hardware'] as const satisfies readonly DraftStep[];

const screens: Record<
  DraftStep,
  // One element each, for good: while a slider moves, a step looks only at what it shows.
  { title: StepTitle; heading: string; lead: string; content: ReactNode }
> = {
  model: {
    title: 'Model',
    heading: 'Which model?',
    lead: 'A folder with a model in Hugging Face format (LLaMA, Mistral, Qwen, SmolLM, Phi-3, Gemma or BLOOM). Only its headers are read now, and it is never written to.',
    content: <ModelStep />,
  },
  domain: {
    title: 'Domain',
    heading: 'What is it for?',
    lead: 'The domain decides which texts show the model what has to stay, and in which mix.',
    content: <DomainStep />,
  },
  data: {
    title: 'Data',
    heading: 'Which texts?',
    lead: 'Your texts stay in your files: they are read while the run works and kept nowhere else.',
    content: <DataStep />,
  },
  hardware: {
    title: 'Hardware',
    heading: 'Will it fit?',
    lead: 'What the run will need at its peak, beside what is free on this computer now.',
    content: <HardwareStep />,
  },
};

/** The first four of the eight steps: those that are about a run to be. */
export function Wizard({ step }: { readonly step: string }) {
  const draft = useDraft();
  const here: DraftStep = DRAFT_STEPS.find((one) => one === step) ?? 'model';
  const { title, heading, lead, content } = screens[here];
  const missing = missingFrom(draft);
  const reached = DRAFT_STEPS.filter((_, index) => isReached(index, missing));
  const run = draft.runId === null ? null : `/runs/${draft.runId}`;
  return (
    <Screen title={heading} lead={lead}>
      <Steps
        here={title}
        completed={DRAFT_STEPS.filter(
          (one) => reached.includes(one) && !missing.some((item) => item.step === one),
        )
          .filter((one) => one !== 'hardware' || run !== null)
          .map((one) => screens[one].title)}
        paths={{
          ...Object.fromEntries(reached.map((one) => [screens[one].title, `/new/${one}`])),
          ...(run !== null && { Run: run, Results: `${run}/results`, Export: `${run}/export` }),
          History: '/runs',
        }}
      />
      {content}
    </Screen>
  );
}

/** A step can be gone to when nothing is missing in those before it. */
const isReached = (index: number, missing: readonly { readonly step: DraftStep }[]): boolean =>
  DRAFT_STEPS.slice(0, index).every((before) => !missing.some(({ step }) => step === before));
