import Button from '@mui/material/Button';
import MenuItem from '@mui/material/MenuItem';
import Paper from '@mui/material/Paper';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import type { PresetPart } from '../../src/contract/preset.ts';
import { useService } from '../bridge/use-service.ts';
import { Answer } from '../widgets/answer.tsx';
import { Confirm } from '../widgets/confirm.tsx';
import { fileName } from '../words/quantities.ts';

interface DataPreviewProps {
  readonly part: PresetPart | null;
  readonly files: readonly string[];
}

/** The first records as the model will see them; every letter masked until the person asks for the text itself. */
export function DataPreview({ part, files }: DataPreviewProps) {
  const [isShown, setShown] = useState(false);
  const [chosen, setChosen] = useState<string | null>(null);
  const [revealed, setRevealed] = useState<string | null>(null);
  const [isAsking, setAsking] = useState(false);
  const { data: policyView } = useService('policy.get', {});
  const file = files.find((one) => one === chosen) ?? files[0] ?? '';
  const reveal = revealed === file;
  const mayReveal = policyView?.policy?.allowUnmaskedPreview ?? true;

  if (!isShown) {
    return (
      <Button onClick={() => setShown(true)} sx={{ alignSelf: 'flex-start' }}>
        Preview some records
      </Button>
    );
  }
  return (
    <Stack spacing={1.5}>
      <Stack direction="row" spacing={1} sx={{ alignItems: 'center' }}>
        {files.length > 1 && (
          <TextField select label="File" value={file} onChange={({ target }) => setChosen(target.value)}>
            {files.map((one) => (
              <MenuItem key={one} value={one}>
                {fileName(one)}
              </MenuItem>
            ))}
          </TextField>
        )}
        {!reveal && mayReveal && <Button onClick={() => setAsking(true)}>Show the text itself…</Button>}
        {reveal && <Button onClick={() => setRevealed(null)}>Mask it again</Button>}
        <Button onClick={() => setShown(false)}>Close the preview</Button>
      </Stack>
      <Typography variant="body2" color="textSecondary">
        {reveal
          ? 'The text itself. That it was shown is in the audit trail.'
          : 'Masked: every letter is an x, every digit a 9, so that only the form shows.'}
        {!mayReveal && ' The administrators’ policy does not allow to show the text itself.'}
      </Typography>
      <Records part={part} file={file} reveal={reveal} />
      <Confirm
        isOpen={isAsking}
        title="Show the text itself?"
        verb="Show it"
        onClose={() => setAsking(false)}
        onConfirm={() => setRevealed(file)}
      >
        <Typography>
          The records may hold personal data that others can see on this screen. The audit trail will say that
          you looked at {fileName(file)}, not what it says.
        </Typography>
      </Confirm>
    </Stack>
  );
}

function Records({
  part,
  file,
  reveal,
}: {
  readonly part: PresetPart | null;
  readonly file: string;
  readonly reveal: boolean;
}) {
  // Text of patients and clients: not kept once it is out of sight.
  const preview = useService('data.preview', { file, part, count: 3, reveal }, { forget: true });
  return (
    <Answer query={preview} waitingFor="Reading the first records">
      {({ records }) => (
        <Stack spacing={1}>
          {records.map(({ prompt, completion }, index) => (
            <Paper
              // biome-ignore lint/suspicious/noArrayIndexKey: records have no names
              key={index}
              tabIndex={0}
              aria-label={`Record ${index + 1}`}
              role="region"
              sx={{ p: 1.5, maxHeight: 160, overflowY: 'auto', bgcolor: 'background.default' }}
            >
              <Typography variant="body2" component="p" sx={{ whiteSpace: 'pre-wrap' }}>
                {prompt}
                {prompt === '' ? completion : <strong>{completion}</strong>}
              </Typography>
            </Paper>
          ))}
        </Stack>
      )}
    </Answer>
  );
}
