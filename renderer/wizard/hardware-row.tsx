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
import { formatBytes } from '../words/quantities.ts';

/** One thing that the run needs, beside what is free of it; where it does not fit, the one thing to do. */
export function HardwareRow({ row }: { readonly row: z.infer<typeof hardwareRow> }) {
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
          <Typography sx={{ fontWeight: 600 }}>{title}</Typography>
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
