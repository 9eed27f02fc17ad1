import DomainIcon from '@mui/icons-material/CategoryOutlined';
import ResultsIcon from '@mui/icons-material/InsightsOutlined';
import RunIcon from '@mui/icons-material/MemoryOutlined';
import ModelIcon from '@mui/icons-material/ViewInArOutlined';
import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import { Section } from '../widgets/section.tsx';

const steps = [
  {
    icon: ModelIcon,
    title: 'Choose a model',
    text: 'A folder in Hugging Face format. Only its headers are read at first, and it is never written to.',
  },
  {
    icon: DomainIcon,
    title: 'Say what it is for',
    text: 'Healthcare, law, finance, education or your own mix, with files of yours that show what has to stay.',
  },
  {
    icon: RunIcon,
    title: 'Check and run',
    text: 'What it needs in memory, disk and time is told beforehand. It can be paused, and survives a crash.',
  },
  {
    icon: ResultsIcon,
    title: 'See what it cost',
    text: 'Original and pruned model side by side, with intervals; other sparsities in seconds; a report to hand on.',
  },
] as const;

/** For the first visit: what a run is. */
export function HowItGoes() {
  return (
    <Section title="How it goes">
      <Box
        component="ol"
        sx={{
          ...{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 3 },
          gridTemplateColumns: 'repeat(auto-fit, minmax(210px, 1fr))',
        }}
      >
        {steps.map(({ icon: Icon, title, text }, index) => (
          <Box component="li" key={title}>
            <Icon color="primary" aria-hidden />
            <Typography variant="h3" sx={{ mt: 0.5 }}>
              {index + 1}. {title}
            </Typography>
            <Typography variant="body2" color="textSecondary" sx={{ mt: 0.5 }}>
              {text}
            </Typography>
          </Box>
        ))}
      </Box>
    </Section>
  );
}
