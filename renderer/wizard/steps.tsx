import Box from '@mui/material/Box';
import Step from '@mui/material/Step';
import StepButton from '@mui/material/StepButton';
import Stepper from '@mui/material/Stepper';
import useMediaQuery from '@mui/material/useMediaQuery';
import { goTo } from '../shell/route.ts';

export const STEPS = ['Model', 'Domain', 'Data', 'Hardware', 'Run', 'Results', 'Export', 'History'] as const;
export type StepTitle = (typeof STEPS)[number];

interface StepsProps {
  readonly here: StepTitle;
  /** Steps that are done or that do not need anything any more. */
  readonly completed: readonly StepTitle[];
  /** Where each step that can be gone to is. */
  readonly paths: Partial<Record<StepTitle, string>>;
}

/** Titles stand below their numbers where they have no room beside them. */
const NARROW = '(max-width: 1200px)';

/** The way of a run, and where on it this screen stands. */
export function Steps({ here, completed, paths }: StepsProps) {
  const isNarrow = useMediaQuery(NARROW);
  return (
    <Box component="nav" aria-label="Steps of a run">
      <Stepper nonLinear alternativeLabel={isNarrow} activeStep={STEPS.indexOf(here)}>
        {STEPS.map((title) => {
          const path = paths[title];
          return (
            <Step
              key={title}
              completed={completed.includes(title) && title !== here}
              disabled={path === undefined}
            >
              <StepButton
                onClick={() => path !== undefined && goTo(path)}
                disabled={path === undefined}
                aria-current={title === here ? 'step' : undefined}
                sx={{ m: 0, p: 0.75, borderRadius: 1 }}
              >
                {title}
              </StepButton>
            </Step>
          );
        })}
      </Stepper>
    </Box>
  );
}
