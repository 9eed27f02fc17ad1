import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import LinearProgress from '@mui/material/LinearProgress';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import type { SampleAnswer } from '../../src/contract/sample-answers.ts';
import { problemOf } from '../bridge/refusal.ts';
import { useChange } from '../bridge/use-service.ts';
import { ProblemAlert } from '../widgets/problem-alert.tsx';
import { Section } from '../widgets/section.tsx';
import { formatCounted } from '../words/quantities.ts';

/** A text that a person gives, continued by the original and by the pruned model, side by side. */
export function SampleAnswers({ runId }: { readonly runId: number }) {
  const [prompt, setPrompt] = useState('');
  const ask = useChange('results.answers');
  return (
    <Section
      title="Sample answers"
      lead="How both models go on with a text of yours, always by the most likely word. One text shows little: the figures above decide. Nothing of it is kept."
    >
      <Stack spacing={2}>
        <TextField
          label="A text to go on with"
          value={prompt}
          multiline
          minRows={2}
          maxRows={8}
          onChange={({ target }) => setPrompt(target.value)}
          slotProps={{ htmlInput: { maxLength: 20_000, spellCheck: false } }}
        />
        <Stack direction="row" sx={{ justifyContent: 'flex-end' }}>
          <Button
            variant="outlined"
            disabled={prompt.trim() === '' || ask.isPending}
            onClick={() => ask.mutate({ runId, prompt })}
          >
            Let both go on
          </Button>
        </Stack>
        <Box role="status">
          {ask.isPending && <LinearProgress aria-label="The models are answering" />}
          {ask.data && (
            <Box sx={{ display: 'grid', gap: 3, gridTemplateColumns: { xs: '1fr', md: '1fr 1fr' } }}>
              <Answered title="The original" answer={ask.data.dense} />
              <Answered title="The pruned model" answer={ask.data.pruned} />
            </Box>
          )}
        </Box>
        {ask.error && <ProblemAlert problem={problemOf(ask.error)} />}
      </Stack>
    </Section>
  );
}

function Answered({ title, answer }: { readonly title: string; readonly answer: SampleAnswer }) {
  const { text, newTokens, notes } = answer;
  return (
    <Stack spacing={1} sx={{ minWidth: 0 }}>
      <Typography variant="h3">{title}</Typography>
      <Typography sx={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {text.trim() === '' ? 'It ends here at once.' : text.trimStart()}
      </Typography>
      <Typography variant="caption" color="textSecondary">
        {formatCounted(newTokens, 'token')}
      </Typography>
      {notes.map((note) => (
        <Alert key={note} severity="info">
          {note}
        </Alert>
      ))}
    </Stack>
  );
}
