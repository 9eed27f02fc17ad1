import DeleteIcon from '@mui/icons-material/DeleteOutlined';
import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import IconButton from '@mui/material/IconButton';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import type { TaskEntry } from '../../src/contract/task.ts';
import { useNative, useService } from '../bridge/use-service.ts';
import { Answer } from '../widgets/answer.tsx';
import { ChoiceField } from '../widgets/choice-field.tsx';
import { NumberField } from '../widgets/number-field.tsx';
import { PathText } from '../widgets/path-text.tsx';
import { Section } from '../widgets/section.tsx';
import { changeDraft, type Draft, useDraft } from './draft.ts';

type Task = Draft['tasks'][number];

/** What the original and the pruned model are asked to do: choose answers, classify, summarise. */
export function EvaluationTasks() {
  const known = useService('tasks.list', {});
  const { tasks, taskItems } = useDraft();
  return (
    <Section
      title="Tasks to measure on"
      lead="Questions with known answers, texts with labels, or texts with summaries. They show what the pruned model still can do."
    >
      <Stack spacing={2}>
        <Answer query={known}>{(entries) => <AddTask entries={entries.filter(isNoText)} />}</Answer>
        {tasks.map((task) => (
          <TaskLine key={task.name} task={task} />
        ))}
        {tasks.length > 0 && (
          <Stack sx={{ maxWidth: 420 }}>
            <NumberField
              label="Of each task only"
              unit="items"
              value={taskItems}
              emptyMeans="all"
              min={1}
              isInteger
              note="Drawn by the seed. Fewer are faster and less certain."
              onChange={(value) => changeDraft({ taskItems: value })}
            />
          </Stack>
        )}
      </Stack>
    </Section>
  );
}

/** Perplexity has a section of its own. */
const isNoText = ({ kind }: TaskEntry): boolean => kind !== 'perplexity';

function AddTask({ entries }: { readonly entries: readonly TaskEntry[] }) {
  const { tasks } = useDraft();
  const [name, setName] = useState('multiple-choice');
  const chooseFiles = useNative('dialog.chooseFiles');
  const entry = entries.find((each) => each.name === name) ?? entries[0];
  if (!entry) return null;
  const add = (files: readonly string[]) => {
    if (files.length === 0) return;
    const added: Task = { task: entry.name, name: freeName(entry.title, tasks), files: [...files] };
    changeDraft({ tasks: [...tasks, added] });
  };
  return (
    <>
      <Stack direction="row" spacing={2} sx={{ alignItems: 'flex-start' }}>
        <Stack sx={{ width: 280 }}>
          <ChoiceField
            label="Task"
            value={entry.name}
            choices={entries.map((each) => [each.name, each.title] as const)}
            onChange={setName}
          />
        </Stack>
        <Button
          variant="outlined"
          onClick={() =>
            chooseFiles.mutate(
              {
                title: `Choose files for ${entry.title}`,
                filters: [{ name: 'Records', extensions: ['jsonl', 'json', 'csv', 'xlsx'] }],
              },
              { onSuccess: ({ paths }) => add(paths) },
            )
          }
        >
          Choose its files…
        </Button>
      </Stack>
      <Typography variant="body2" color="textSecondary">
        {entry.description}
      </Typography>
      {entry.kind === 'summary' && (
        <Alert severity="info">
          Texts are generated word by word, which takes much longer than choosing.
        </Alert>
      )}
    </>
  );
}

function TaskLine({ task }: { readonly task: Task }) {
  const { tasks } = useDraft();
  const change = (to: readonly Task[]) => changeDraft({ tasks: [...to] });
  const isTaken = (name: string) => tasks.some((other) => other !== task && other.name === name);
  return (
    <Stack direction="row" spacing={2} sx={{ alignItems: 'center' }}>
      <TextField
        label="Name"
        defaultValue={task.name}
        onBlur={({ target }) => {
          const name = target.value.trim();
          if (name === '' || isTaken(name)) target.value = task.name;
          else change(tasks.map((other) => (other === task ? { ...task, name } : other)));
        }}
        sx={{ width: 200 }}
      />
      <Typography component="div" sx={{ flex: 1, minWidth: 0 }}>
        {task.files.map((file) => (
          <PathText key={file} path={file} />
        ))}
      </Typography>
      <IconButton
        aria-label={`Remove the task ${task.name}`}
        onClick={() => change(tasks.filter((other) => other !== task))}
      >
        <DeleteIcon fontSize="small" />
      </IconButton>
    </Stack>
  );
}

/** Tables tell tasks apart by their names. */
function freeName(title: string, tasks: readonly Task[]): string {
  const isTaken = (name: string) => tasks.some((task) => task.name === name);
  if (!isTaken(title)) return title;
  let number = 2;
  while (isTaken(`${title} ${number}`)) number++;
  return `${title} ${number}`;
}
