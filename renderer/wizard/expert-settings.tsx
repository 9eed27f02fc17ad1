import ExpandMoreIcon from '@mui/icons-material/ExpandMore';
import Accordion from '@mui/material/Accordion';
import AccordionDetails from '@mui/material/AccordionDetails';
import AccordionSummary from '@mui/material/AccordionSummary';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { CalibrationSettings } from './calibration-settings.tsx';
import { CriterionSettings } from './criterion-settings.tsx';
import { PatternSettings } from './pattern-settings.tsx';

/** What most people can leave as it is. */
export function ExpertSettings() {
  return (
    <Accordion
      disableGutters
      // Its many fields are made only for who opens it.
      slotProps={{ transition: { unmountOnExit: true } }}
      sx={{ '&::before': { display: 'none' }, borderRadius: 2 }}
    >
      <AccordionSummary expandIcon={<ExpandMoreIcon />} sx={{ px: 2.5 }}>
        <div>
          <Typography variant="h2" component="span">
            Expert
          </Typography>
          <Typography variant="body2" color="textSecondary">
            Method and criterion, pattern, blocking, seed, samples and sequence lengths. The defaults are good
            ones.
          </Typography>
        </div>
      </AccordionSummary>
      <AccordionDetails sx={{ px: 2.5 }}>
        <Stack spacing={3}>
          <CriterionSettings />
          <PatternSettings />
          <CalibrationSettings />
        </Stack>
      </AccordionDetails>
    </Accordion>
  );
}
