import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import { NewFolderField } from '../widgets/new-folder-field.tsx';
import { Section } from '../widgets/section.tsx';
import { changeDraft, useDraft } from './draft.ts';
import { suggestedName, suggestedOutDir } from './draft-request.ts';

/** What the run is called and where the pruned model goes. */
export function OutputFields() {
  const draft = useDraft();
  return (
    <Section title="Where the pruned model goes" lead="A new folder. The original model stays as it is.">
      <Stack spacing={2}>
        <TextField
          label="Name of the run"
          value={draft.name ?? suggestedName(draft)}
          onChange={({ target }) => changeDraft({ name: target.value })}
          slotProps={{ htmlInput: { maxLength: 200 } }}
        />
        <NewFolderField
          value={draft.outDir ?? ''}
          onChange={(outDir) => changeDraft({ outDir })}
          within={(parent) => suggestedOutDir(draft, parent, new Date())}
        />
      </Stack>
    </Section>
  );
}
