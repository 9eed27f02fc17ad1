import SearchIcon from '@mui/icons-material/Search';
import Chip from '@mui/material/Chip';
import InputAdornment from '@mui/material/InputAdornment';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { useEffect, useState } from 'react';
import { RUN_STATUSES, type RunStatus } from '../../src/contract/run.ts';
import { formatCounted } from '../words/quantities.ts';
import { statusTitles } from '../words/run-words.ts';

interface HistoryFiltersProps {
  readonly text: string;
  readonly statuses: readonly RunStatus[];
  readonly total: number | null;
  readonly onText: (text: string) => void;
  readonly onStatuses: (statuses: RunStatus[]) => void;
}

/** After the last key for so long, the search is made. */
const TYPING_MS = 150;

/** Words and statuses that runs are looked for by. */
export function HistoryFilters({ text, statuses, total, onText, onStatuses }: HistoryFiltersProps) {
  const [typed, setTyped] = useState(text);
  useEffect(() => {
    if (typed === text) return;
    const timer = setTimeout(() => onText(typed), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed, text, onText]);
  const toggle = (status: RunStatus) =>
    onStatuses(statuses.includes(status) ? statuses.filter((one) => one !== status) : [...statuses, status]);
  return (
    <Stack direction="row" useFlexGap sx={{ mb: 1.5, gap: 1.5, flexWrap: 'wrap', alignItems: 'center' }}>
      <TextField
        label="Search runs"
        type="search"
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
        placeholder="Name, model, domain or folder"
        sx={{ width: 320 }}
        slotProps={{
          inputLabel: { shrink: true },
          htmlInput: { maxLength: 200 },
          input: {
            startAdornment: (
              <InputAdornment position="start">
                <SearchIcon fontSize="small" />
              </InputAdornment>
            ),
          },
        }}
      />
      <Stack direction="row" useFlexGap role="group" aria-label="Status" sx={{ gap: 0.75, flexWrap: 'wrap' }}>
        {RUN_STATUSES.map((status) => {
          const isOn = statuses.includes(status);
          return (
            <Chip
              key={status}
              label={statusTitles[status]}
              aria-pressed={isOn}
              color={isOn ? 'primary' : 'default'}
              variant={isOn ? 'filled' : 'outlined'}
              onClick={() => toggle(status)}
            />
          );
        })}
      </Stack>
      <Typography variant="body2" color="textSecondary" role="status" sx={{ ml: 'auto' }}>
        {total === null ? '' : formatCounted(total, 'run')}
      </Typography>
    </Stack>
  );
}
