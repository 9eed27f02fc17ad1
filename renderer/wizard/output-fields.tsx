import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import { useNative } from '../bridge/use-service.ts';
import { Section } from '../widgets/section.tsx';
import { changeDraft, useDraft } from './draft.ts';
import { suggestedName, suggestedOutDir } from './draft-request.ts';

/** What the run is called and where the pruned model goes. */
export function OutputFields() {
  const draft = useDraft();
  const chooseFolder = useNative('dialog.chooseFolder');
  return (
    <Section title="Where the pruned model goes" lead="A new folder. The original model stays as it is.">
      <Stack spacing={2}>
        <TextField
          label="Name of the run"
          value={draft.name ?? suggestedName(draft)}
          onChange={({ target }) => changeDraft({ name: target.value })}
          slotProps={{ htmlInput: { maxLength: 200 } }}
        />
        <Stack direction="row" spacing={1}>
          <TextField
            label="Folder, which is not there yet"
            value={draft.outDir ?? ''}
            onChange={({ target }) => changeDraft({ outDir: target.value })}
            sx={{ flex: 1 }}
            slotProps={{ htmlInput: { spellCheck: false } }}
          />
          <Button
            variant="outlined"
            onClick={() =>
              chooseFolder.mutate(
                { title: 'Choose the folder in which the new folder is made' },
                {
                  onSuccess: ({ path }) =>
                    path !== null && changeDraft({ outDir: suggestedOutDir(draft, path, new Date()) }),
                },
              )
            }
          >
            Make it in…
          </Button>
        </Stack>
      </Stack>
    </Section>
  );
}
