import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import type { DataInspection } from '../../src/contract/data-inspection.ts';
import { Facts } from '../widgets/facts.tsx';
import { ProblemAlert } from '../widgets/problem-alert.tsx';
import { Term } from '../widgets/term.tsx';
import { patternTitles } from '../words/personal-patterns.ts';
import { formatCount, formatCounted, formatPercent } from '../words/quantities.ts';
import { LengthHistogram } from './length-histogram.tsx';

interface DataFindingsProps {
  readonly inspection: DataInspection;
  readonly sequenceLength: number;
  readonly hasEvaluation: boolean;
}

/** Counts, lengths and warnings about the files of a part. */
export function DataFindings({ inspection, sequenceLength, hasEvaluation }: DataFindingsProps) {
  const { files, records, duplicates, tooShort, tokenised, tokens, truncated, overlap, personal } =
    inspection;
  const suspicious = personal.filter((one) => one.records > 0);
  return (
    <Stack spacing={2}>
      {files.map(({ path, problem }) => problem && <ProblemAlert key={path} problem={problem} />)}
      <Box sx={{ display: 'grid', gap: 3, gridTemplateColumns: { xs: '1fr', lg: '1fr 1fr' } }}>
        <Facts
          minWidth={140}
          facts={[
            ['Records', formatCount(records)],
            ['Duplicates', formatCount(duplicates)],
            ['Too short', formatCount(tooShort)],
            ['Tokens a record, median', formatCount(tokens.median)],
            ['Longest record', formatCounted(tokens.longest, 'token')],
            [
              <Term key="truncated" of="truncated">
                Cut at {formatCounted(sequenceLength, 'token')}
              </Term>,
              `${formatCount(truncated)} of ${formatCount(tokenised)}`,
            ],
            [
              <Term key="overlap" of="overlap">
                Overlap with evaluation
              </Term>,
              overlap
                ? `${formatCounted(overlap.records, 'record')} (${formatPercent(overlap.share, 1)})`
                : hasEvaluation
                  ? 'not known'
                  : 'no evaluation text yet',
            ],
          ]}
        />
        <LengthHistogram inspection={inspection} />
      </Box>
      {overlap !== null && overlap.share > 0 && (
        <Alert severity="warning">
          {formatCounted(overlap.records, 'record')} also occur in your evaluation texts, at least in part.
          The result will look better than it is; measure on other texts.
        </Alert>
      )}
      {suspicious.length > 0 && (
        <Alert severity="warning">
          <Typography variant="body2" sx={{ fontWeight: 560 }}>
            <Term of="personalData">Possible personal data</Term>
          </Typography>
          <Typography variant="body2">
            {suspicious
              .map((one) => `${patternTitles[one.pattern]}: ${formatCounted(one.records, 'record')}`)
              .join(' · ')}
          </Typography>
        </Alert>
      )}
    </Stack>
  );
}
