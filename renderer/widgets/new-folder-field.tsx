import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import { useNative } from '../bridge/use-service.ts';

interface NewFolderFieldProps {
  readonly value: string;
  readonly onChange: (folder: string) => void;
  /** The new folder's path within a folder that the person has chosen. */
  readonly within: (parent: string) => string;
}

/** A folder that is to be made: typed, or put into one chosen in the system's dialog. */
export function NewFolderField({ value, onChange, within }: NewFolderFieldProps) {
  const chooseFolder = useNative('dialog.chooseFolder');
  return (
    <Stack direction="row" spacing={1}>
      <TextField
        label="Folder, which is not there yet"
        value={value}
        onChange={({ target }) => onChange(target.value)}
        sx={{ flex: 1 }}
        slotProps={{ htmlInput: { spellCheck: false } }}
      />
      <Button
        variant="outlined"
        onClick={() =>
          chooseFolder.mutate(
            { title: 'Choose the folder in which the new folder is made' },
            { onSuccess: ({ path }) => path !== null && onChange(within(path)) },
          )
        }
      >
        Make it in…
      </Button>
    </Stack>
  );
}
