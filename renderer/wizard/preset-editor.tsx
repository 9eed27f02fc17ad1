import DeleteIcon from '@mui/icons-material/DeleteOutlined';
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import IconButton from '@mui/material/IconButton';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import { problemOf } from '../bridge/refusal.ts';
import { useChange, useService } from '../bridge/use-service.ts';
import { ProblemAlert } from '../widgets/problem-alert.tsx';
import { takePreset, useDraft } from './draft.ts';
import { type EditedPart, editedParts, editedPreset } from './edited-preset.ts';

/** Title and parts of a domain of the person's own; saved, it is there for every later run. */
export function PresetEditor({ onClose }: { readonly onClose: () => void }) {
  const draft = useDraft();
  const { data: presets } = useService('presets.list', {});
  const own = presets?.find(({ id, kind }) => id === draft.presetId && kind === 'custom');
  const [title, setTitle] = useState(own ? draft.title : draft.title === '' ? '' : `${draft.title} (own)`);
  const [description, setDescription] = useState(draft.description);
  const [parts, setParts] = useState<readonly EditedPart[]>(() => editedParts(draft));
  const save = useChange('presets.save', ['presets.list']);
  const isComplete =
    title.trim() !== '' && parts.length > 0 && parts.every((part) => part.title.trim() !== '');

  const rename = (key: number, to: string) =>
    setParts(parts.map((part) => (part.key === key ? { ...part, title: to } : part)));
  const add = () =>
    setParts([...parts, { key: Math.max(0, ...parts.map(({ key }) => key)) + 1, title: '', original: null }]);
  const submit = () =>
    save.mutate(
      { id: own?.id ?? null, preset: editedPreset(draft, title, description, parts) },
      {
        onSuccess: ({ id, preset }) => {
          takePreset(id, preset);
          onClose();
        },
      },
    );

  return (
    <Dialog open onClose={onClose} aria-labelledby="preset-editor" maxWidth="sm" fullWidth>
      <DialogTitle id="preset-editor">{own ? 'Edit domain' : 'New domain'}</DialogTitle>
      <DialogContent>
        <Stack spacing={2} sx={{ pt: 1 }}>
          <TextField
            label="Title"
            value={title}
            onChange={({ target }) => setTitle(target.value)}
            autoFocus
          />
          <TextField
            label="What it is for"
            value={description}
            onChange={({ target }) => setDescription(target.value)}
            multiline
          />
          <Typography variant="h3">Parts of the mix</Typography>
          {parts.map(({ key, title: partTitle, original }, index) => (
            <Stack key={key} direction="row" spacing={1}>
              <TextField
                label={`Part ${index + 1}`}
                value={partTitle}
                onChange={({ target }) => rename(key, target.value)}
                helperText={original?.template ? 'With a prompt template for this data set.' : undefined}
                sx={{ flex: 1 }}
              />
              <IconButton
                aria-label={`Remove part ${index + 1}`}
                onClick={() => setParts(parts.filter((part) => part.key !== key))}
              >
                <DeleteIcon />
              </IconButton>
            </Stack>
          ))}
          <Button onClick={add} sx={{ alignSelf: 'flex-start' }}>
            Add a part
          </Button>
          <Typography variant="body2" color="textSecondary">
            A new part takes files with ready texts: plain text, or JSONL and CSV with a column “text”, or
            “prompt” and “completion”.
          </Typography>
          {save.error && <ProblemAlert problem={problemOf(save.error)} />}
        </Stack>
      </DialogContent>
      <DialogActions sx={{ px: 3, pb: 2 }}>
        <Button onClick={onClose}>Cancel</Button>
        <Button variant="contained" disabled={!isComplete || save.isPending} onClick={submit}>
          Save
        </Button>
      </DialogActions>
    </Dialog>
  );
}
