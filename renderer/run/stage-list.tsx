import DoneIcon from '@mui/icons-material/CheckCircle';
import HereIcon from '@mui/icons-material/PlayCircle';
import WaitingIcon from '@mui/icons-material/RadioButtonUnchecked';
import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import type { RunProgress } from '../../src/contract/run-progress.ts';
import type { RunRequest } from '../../src/contract/run-request.ts';
import { stageTitle } from '../../src/contract/titles.ts';
import { stepTitles } from '../words/run-words.ts';
import { stepsOf } from './steps-of-run.ts';

interface StageListProps {
  readonly request: RunRequest;
  readonly progress: RunProgress;
}

/** All that a run goes through, and where it is. */
export function StageList({ request, progress }: StageListProps) {
  const steps = stepsOf(request, progress.stage);
  const stepIndex = steps.findIndex(({ step }) => step === progress.step);
  return (
    <Box component="ol" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 0.75 }}>
      {steps.map(({ step, stages }, index) => {
        const place = placeOf(index, stepIndex);
        const stageIndex = stages.indexOf(progress.stage);
        return (
          <Box component="li" key={step}>
            <Item place={place} title={stepTitles[step]} isStrong />
            {stages.length > 0 && (
              <Box component="ol" sx={{ listStyle: 'none', m: 0, pl: 4, display: 'grid', gap: 0.25 }}>
                {stages.map((stage, inStep) => (
                  <li key={stage}>
                    <Item
                      place={place === 'here' ? placeOf(inStep, stageIndex) : place}
                      title={stageTitle(stage)}
                    />
                  </li>
                ))}
              </Box>
            )}
          </Box>
        );
      })}
    </Box>
  );
}

type Place = 'done' | 'here' | 'waiting';
const placeOf = (index: number, here: number): Place =>
  index < here ? 'done' : index === here ? 'here' : 'waiting';
const icons = { done: DoneIcon, here: HereIcon, waiting: WaitingIcon };
const colours = { done: 'success', here: 'primary', waiting: 'disabled' } as const;
const words = { done: 'done', here: 'at work', waiting: 'to do' };

function Item({
  place,
  title,
  isStrong = false,
}: {
  readonly place: Place;
  readonly title: string;
  readonly isStrong?: boolean;
}) {
  const Icon = icons[place];
  return (
    <Box
      sx={{ display: 'flex', alignItems: 'center', gap: 1 }}
      aria-current={place === 'here' ? 'step' : undefined}
    >
      <Icon fontSize="small" color={colours[place]} titleAccess={words[place]} />
      <Typography
        variant={isStrong ? 'body1' : 'body2'}
        color={place === 'waiting' ? 'textSecondary' : 'textPrimary'}
        sx={{ fontWeight: isStrong || place === 'here' ? 600 : 400 }}
      >
        {title}
      </Typography>
    </Box>
  );
}
