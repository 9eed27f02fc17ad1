import Link from '@mui/material/Link';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableContainer from '@mui/material/TableContainer';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import type { RunDetail } from '../../src/contract/run.ts';
import { criterionTitle, methodTitle } from '../../src/contract/titles.ts';
import { linkTo } from '../shell/route.ts';
import {
  fileName,
  formatChange,
  formatCount,
  formatDuration,
  formatFigure,
  formatPercent,
  formatTime,
} from '../words/quantities.ts';
import { runPath } from '../words/run-path.ts';
import { statusTitles } from '../words/run-words.ts';

type Figures = RunDetail['summary']['domainPerplexity'];

const perplexity = (figures: Figures): string =>
  figures === null
    ? '–'
    : `${formatFigure(figures.dense, 4)} → ${formatFigure(figures.pruned, 4)} (${formatChange(figures.dense, figures.pruned)})`;

const rows: readonly (readonly [title: string, value: (detail: RunDetail) => string])[] = [
  ['Status', ({ summary }) => statusTitles[summary.status]],
  ['Domain perplexity', ({ summary }) => perplexity(summary.domainPerplexity)],
  ['General perplexity', ({ summary }) => perplexity(summary.generalPerplexity)],
  ['Model', ({ summary }) => summary.modelName],
  ['Domain', ({ summary }) => summary.domain ?? 'none'],
  [
    'Mix',
    ({ request }) =>
      request.calibration?.preset.parts
        .map(({ title, share }) => `${title} ${formatPercent(share)}`)
        .join(', ') ?? '–',
  ],
  ['Method', ({ summary }) => methodTitle(summary.method)],
  ['Criterion', ({ summary }) => criterionTitle(summary.criterion)],
  ['Sparsity', ({ summary }) => formatPercent(summary.sparsity)],
  ['μ', ({ summary }) => summary.mu.toFixed(2)],
  ['Blocking', ({ request }) => request.settings.blocking],
  ['Seed', ({ summary }) => String(summary.seed)],
  [
    'Domain samples',
    ({ request }) =>
      `${formatCount(request.settings.samples)} of at most ${formatCount(request.settings.sequenceLength)} tokens`,
  ],
  [
    'General samples',
    ({ request }) =>
      `${formatCount(request.settings.openSamples)} of ${formatCount(request.settings.openSequenceLength)} tokens`,
  ],
  [
    'Measured on',
    ({ request: { evaluation } }) =>
      [
        ...evaluation.texts.map(({ file }) => fileName(file)),
        ...evaluation.tasks.map(({ name }) => name),
      ].join(', ') || '–',
  ],
  ['Time at work', ({ summary }) => formatDuration(summary.workedMs)],
  ['Asked for', ({ summary }) => formatTime(summary.createdAt)],
  ['Application', ({ appVersion }) => appVersion],
];

/** One column a run, one row a setting or figure. */
export function ComparisonTable({ details }: { readonly details: readonly RunDetail[] }) {
  return (
    <TableContainer tabIndex={0} role="region" aria-label="Settings and figures of the runs">
      <Table size="small" aria-label="Settings and figures of the runs">
        <TableHead>
          <TableRow>
            <TableCell>Run</TableCell>
            {details.map(({ summary }) => (
              <TableCell key={summary.id} sx={{ minWidth: 170 }}>
                <Link href={linkTo(runPath(summary))}>{summary.name}</Link> (run {summary.id})
              </TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {rows.map(([title, describe]) => {
            const values = details.map(describe);
            // What no run has says nothing.
            if (values.every((value) => value === '–')) return null;
            const differs = new Set(values).size > 1;
            return (
              <TableRow key={title}>
                <TableCell component="th" scope="row" sx={{ color: 'text.secondary', whiteSpace: 'nowrap' }}>
                  {title}
                </TableCell>
                {details.map(({ summary }, index) => (
                  <TableCell key={summary.id} sx={{ fontWeight: differs ? 620 : 400 }}>
                    {values[index]}
                  </TableCell>
                ))}
              </TableRow>
            );
          })}
        </TableBody>
      </Table>
    </TableContainer>
  );
}
