import CheckIcon from '@mui/icons-material/CheckCircleOutlined';
import ErrorIcon from '@mui/icons-material/ErrorOutlined';
import Box from '@mui/material/Box';
import Stack from '@mui/material/Stack';
import { useTheme } from '@mui/material/styles';
import Typography from '@mui/material/Typography';
import type { z } from 'zod';
import type { hardwareRow } from '../../src/contract/hardware.ts';
import { ProblemAlert } from '../widgets/problem-alert.tsx';
import { StackedBar } from '../widgets/stacked-bar.tsx';
import { Term } from '../widgets/term.tsx';
import type { Jargon } from '../words/glossary.ts';
import { formatBytes } from '../words/quantities.ts';

type Row = z.infer<typeof hardwareRow>;

const explains: Partial<Record<Row['id'], Jargon>> = {
  backend: 'backend',
  graphics: 'graphicsMemory',
  memory: 'memoryParts',
  'scratch-disk': 'scratch',
  disk: 'scratch',
};

/** One thing that the run needs, beside what is free of it; where it does not fit, the one thing to do. */
export function HardwareRow({ row }: { readonly row: Row }) {
  const { title, isOk, finding, neededBytes, freeBytes, parts, problem } = row;
  const { palette } = useTheme();
  return (
    <Box sx={{ display: 'grid', gridTemplateColumns: '24px minmax(0, 1fr)', columnGap: 1.5 }}>
      {isOk ? (
        <CheckIcon color="success" titleAccess="fits" />
      ) : (
        <ErrorIcon color="error" titleAccess="does not fit" />
      )}
      <Stack spacing={1}>
        <Stack direction="row" spacing={2} sx={{ justifyContent: 'space-between' }}>
          <Typography component="div" sx={{ fontWeight: 600 }}>
            {explains[row.id] ? <Term of={explains[row.id] as Jargon}>{title}</Term> : title}
          </Typography>
          {neededBytes !== null && freeBytes !== null && (
            <Typography>
              {formatBytes(neededBytes)}{' '}
              <Typography component="span" color="textSecondary">
                of {formatBytes(freeBytes)} free
              </Typography>
            </Typography>
          )}
        </Stack>
        <Typography variant="body2" color="textSecondary">
          {finding}
        </Typography>
        {neededBytes !== null && freeBytes !== null && (
          <StackedBar
            label={`${title}: ${formatBytes(neededBytes)} of ${formatBytes(freeBytes)} free`}
            parts={parts.map(({ name, bytes }) => ({ name, value: bytes, text: formatBytes(bytes) }))}
            whole={Math.max(freeBytes, neededBytes)}
            colours={[
              palette.data.general,
              palette.data.domain,
              palette.data.final,
              palette.data.pruned,
              palette.data.dense,
              palette.info.light,
              palette.warning.main,
              palette.error.main,
            ]}
          />
        )}
        {problem && <ProblemAlert problem={problem} />}
      </Stack>
    </Box>
  );
}
