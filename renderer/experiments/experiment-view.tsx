import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import type { ExperimentReport } from '../../src/contract/experiment.ts';
import { Facts } from '../widgets/facts.tsx';
import { PathText } from '../widgets/path-text.tsx';
import { Section } from '../widgets/section.tsx';
import { formatCount, formatDuration, formatTime } from '../words/quantities.ts';
import { ExperimentPlot } from './experiment-plot.tsx';
import { ExperimentTable } from './experiment-table.tsx';

/** An experiment's plots and tables, and all that they depend on. */
export function ExperimentView({ report }: { readonly report: ExperimentReport }) {
  const { title, plots, tables, remarks } = report;
  return (
    <>
      <Section title={title}>
        <Stack spacing={3}>
          {plots.map((plot) => (
            <ExperimentPlot key={`${plot.kind} ${plot.title}`} plot={withOwnTitle(plot, title)} />
          ))}
          {remarks.map((remark) => (
            <Typography key={remark} variant="body2" sx={{ maxWidth: '100ch' }}>
              {remark}
            </Typography>
          ))}
        </Stack>
      </Section>
      {tables.map((table) => (
        <Section key={table.title} title={table.title === title ? 'Figures' : table.title}>
          <ExperimentTable table={table} />
        </Section>
      ))}
      <Section title="What the figures depend on">
        <Facts facts={shortFacts(report)} minWidth={200} />
        <Facts facts={longFacts(report)} minWidth={440} />
      </Section>
    </>
  );
}

/** What the section is called already is not said again: a plot of lines is then called by what it shows. */
const withOwnTitle = (plot: ExperimentReport['plots'][number], section: string) =>
  plot.kind === 'lines' && plot.title === section
    ? { ...plot, title: plot.y.label.charAt(0).toUpperCase() + plot.y.label.slice(1) }
    : plot;

function shortFacts({ finishedAt, seconds, settings, backend, appVersion }: ExperimentReport) {
  return [
    ['Finished', formatTime(finishedAt)],
    ['Scoring, masks, measuring', timesOf(seconds)],
    ...(settings ? [['Criterion, seed', `${settings.criterion}, ${settings.seed}`] as const] : []),
    ['Application', `${appVersion}, ${backend}`],
  ] as const;
}

function longFacts({ modelDir, modelFingerprint, texts, tasks, calibrations }: ExperimentReport) {
  return [
    ['Model', <Hashed key="model" text={modelDir} hash={modelFingerprint} />],
    ...texts.map(({ name, window, stride, scoredTokens, sha256 }) => {
      const read = `${formatCount(scoredTokens)} tokens scored, window ${formatCount(window)}, stride ${formatCount(stride)}`;
      return [`Text ${name}`, <Hashed key={name} text={read} hash={sha256} />] as const;
    }),
    ...tasks.map(
      ({ label, items, ofItems, contextLength, seed }) =>
        [
          `Task ${label}`,
          `${formatCount(items)} of ${formatCount(ofItems)} items, context ${formatCount(contextLength)} tokens, seed ${seed}`,
        ] as const,
    ),
    ...calibrations.map(
      ({ name, domain, open }) => [`Calibration ${name}`, calibrationOf(domain, open)] as const,
    ),
  ] as const;
}

/** What was read, and its SHA-256 below it. */
function Hashed({ text, hash }: { readonly text: string; readonly hash: string }) {
  return (
    <>
      {text}
      <Typography component="span" variant="body2" color="textSecondary" sx={{ display: 'block' }}>
        <PathText path={hash} />
      </Typography>
    </>
  );
}

const timesOf = ({ scoring, pruning, measuring }: ExperimentReport['seconds']): string =>
  [scoring, pruning, measuring].map((seconds) => formatDuration(1000 * seconds)).join(', ');

type Tokens = ExperimentReport['calibrations'][number]['domain'];

function calibrationOf(domain: Tokens, open: Tokens): string {
  const of = (name: string, tokens: Tokens) =>
    tokens ? [`${formatCount(tokens.samples)} ${name} samples of ${formatCount(tokens.tokens)} tokens`] : [];
  return [...of('domain', domain), ...of('open-domain', open)].join('; ');
}
