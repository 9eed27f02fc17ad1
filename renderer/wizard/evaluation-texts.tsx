import DeleteIcon from '@mui/icons-material/DeleteOutlined';
import Alert from '@mui/material/Alert';
import IconButton from '@mui/material/IconButton';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import ToggleButton from '@mui/material/ToggleButton';
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup';
import Typography from '@mui/material/Typography';
import { useNative } from '../bridge/use-service.ts';
import { DropZone } from '../widgets/drop-zone.tsx';
import { NumberField } from '../widgets/number-field.tsx';
import { PathText } from '../widgets/path-text.tsx';
import { Section } from '../widgets/section.tsx';
import { Term } from '../widgets/term.tsx';
import { fileName } from '../words/quantities.ts';
import { changeDraft, type Draft, useDraft } from './draft.ts';
import { FieldGrid } from './field-grid.tsx';

type Text = Draft['texts'][number];

/** Texts that the original and the pruned model are measured on. */
export function EvaluationTexts() {
  const { texts, tasks, maxTokens, window, stride } = useDraft();
  const chooseFiles = useNative('dialog.chooseFiles');
  const change = (file: string, to: Partial<Text>) =>
    changeDraft({ texts: texts.map((text) => (text.file === file ? { ...text, ...to } : text)) });
  const add = (paths: readonly string[]) => {
    const added = paths.filter((path) => !texts.some(({ file }) => file === path));
    changeDraft({
      texts: [
        ...texts,
        ...added.map(
          (file): Text => ({ file, name: fileName(file).replace(/\.[^.]+$/, ''), role: guessRole(texts) }),
        ),
      ],
    });
  };
  return (
    <Section
      title={<Term of="evaluation">Texts to measure on</Term>}
      lead="Plain text that is not among the files above: one of your domain, and one of general language."
    >
      <Stack spacing={2}>
        <DropZone
          verb="Choose texts…"
          label="Choose texts to measure on"
          onChoose={() =>
            chooseFiles.mutate(
              {
                title: 'Choose texts to measure on',
                filters: [{ name: 'Plain text', extensions: ['txt', 'md'] }],
              },
              { onSuccess: ({ paths }) => add(paths) },
            )
          }
          onDrop={add}
        >
          or drop them here.
        </DropZone>
        {texts.map((text) => (
          <Stack key={text.file} direction="row" spacing={2} sx={{ alignItems: 'center' }}>
            <TextField
              label="Name"
              value={text.name}
              onChange={({ target }) => change(text.file, { name: target.value })}
              sx={{ width: 200 }}
            />
            <ToggleButtonGroup
              exclusive
              size="small"
              value={text.role}
              aria-label={`What ${text.name} is`}
              onChange={(_, role: Text['role'] | null) => role !== null && change(text.file, { role })}
            >
              <ToggleButton value="domain">Domain</ToggleButton>
              <ToggleButton value="general">General</ToggleButton>
            </ToggleButtonGroup>
            <Typography component="div" sx={{ flex: 1, minWidth: 0 }}>
              <PathText path={text.file} />
            </Typography>
            <IconButton
              aria-label={`Remove ${text.file}`}
              onClick={() => changeDraft({ texts: texts.filter(({ file }) => file !== text.file) })}
            >
              <DeleteIcon fontSize="small" />
            </IconButton>
          </Stack>
        ))}
        {texts.length === 0 ? (
          tasks.length === 0 && (
            <Alert severity="info">
              Without such texts, or tasks below, the run works, but nothing tells you what pruning cost.
            </Alert>
          )
        ) : (
          <FieldGrid title="How to measure">
            <NumberField
              label="Only the first"
              unit="tokens"
              value={maxTokens}
              emptyMeans="all"
              min={2}
              isInteger
              note="Fewer are faster and less certain."
              explains={null}
              onChange={(value) => changeDraft({ maxTokens: value })}
            />
            <NumberField
              label="Window"
              unit="tokens"
              value={window}
              emptyMeans="2048, or what the model can"
              min={2}
              isInteger
              explains="window"
              onChange={(value) => changeDraft({ window: value })}
            />
            <NumberField
              label="Stride"
              unit="tokens"
              value={stride}
              emptyMeans="512"
              min={1}
              isInteger
              explains={null}
              onChange={(value) => changeDraft({ stride: value })}
            />
          </FieldGrid>
        )}
      </Stack>
    </Section>
  );
}

/** The first is most likely the domain's. */
const guessRole = (texts: readonly Text[]): Text['role'] =>
  texts.some(({ role }) => role === 'domain') ? 'general' : 'domain';
