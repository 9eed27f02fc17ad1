import DeleteIcon from '@mui/icons-material/DeleteOutlined';
import IconButton from '@mui/material/IconButton';
import List from '@mui/material/List';
import ListItem from '@mui/material/ListItem';
import ListItemText from '@mui/material/ListItemText';
import Stack from '@mui/material/Stack';
import type { PresetPart } from '../../src/contract/preset.ts';
import { useNative, useService } from '../bridge/use-service.ts';
import { Answer } from '../widgets/answer.tsx';
import { DropZone } from '../widgets/drop-zone.tsx';
import { PathText } from '../widgets/path-text.tsx';
import { DataFindings } from './data-findings.tsx';
import { DataPreview } from './data-preview.tsx';
import { useDraft } from './draft.ts';

interface PartFilesProps {
  /** null for general text. */
  readonly part: PresetPart | null;
  readonly files: readonly string[];
  readonly sequenceLength: number;
  readonly onChange: (files: string[]) => void;
}

/** The files of a part of the mix, and what was found in them. */
export function PartFiles({ part, files, sequenceLength, onChange }: PartFilesProps) {
  const title = part?.title ?? 'general text';
  const chooseFiles = useNative('dialog.chooseFiles');
  const add = (paths: readonly string[]) => paths.length > 0 && onChange([...new Set([...files, ...paths])]);
  return (
    <Stack spacing={2}>
      <DropZone
        verb={files.length === 0 ? 'Choose files…' : 'Add files…'}
        label={`${files.length === 0 ? 'Choose' : 'Add'} files for ${title}`}
        onChoose={() =>
          chooseFiles.mutate({ title: `Choose files for ${title}` }, { onSuccess: ({ paths }) => add(paths) })
        }
        onDrop={add}
      >
        or drop them here.
      </DropZone>
      {files.length > 0 && (
        <List dense disablePadding aria-label={`Files of ${title}`}>
          {files.map((file) => (
            <ListItem
              key={file}
              disableGutters
              secondaryAction={
                <IconButton
                  aria-label={`Remove ${file}`}
                  edge="end"
                  onClick={() => onChange(files.filter((other) => other !== file))}
                >
                  <DeleteIcon fontSize="small" />
                </IconButton>
              }
            >
              <ListItemText primary={<PathText path={file} />} sx={{ pr: 4 }} />
            </ListItem>
          ))}
        </List>
      )}
      {files.length > 0 && (
        <Inspected part={part} files={files} sequenceLength={sequenceLength} title={title} />
      )}
    </Stack>
  );
}

function Inspected({
  part,
  files,
  sequenceLength,
  title,
}: Omit<PartFilesProps, 'onChange'> & { readonly title: string }) {
  const { model, texts } = useDraft();
  const inspection = useService(
    'data.inspect',
    {
      modelDir: model?.dir ?? '',
      part,
      files: [...files],
      sequenceLength,
      evaluationFiles: texts.map(({ file }) => file),
    },
    { enabled: model !== null, keepPrevious: true },
  );
  return (
    <Answer query={inspection} waitingFor={`Reading ${title}`}>
      {(found) => (
        <>
          <DataFindings inspection={found} sequenceLength={sequenceLength} hasEvaluation={texts.length > 0} />
          {files[0] !== undefined && <DataPreview part={part} files={files} />}
        </>
      )}
    </Answer>
  );
}
