import Chip from '@mui/material/Chip';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import Typography from '@mui/material/Typography';
import type { TextResult } from '../../src/contract/result.ts';
import { EmptyState } from '../widgets/empty-state.tsx';
import { Section } from '../widgets/section.tsx';
import { Term } from '../widgets/term.tsx';
import {
  formatChange,
  formatCount,
  formatCounted,
  formatFigure,
  formatSignedPercent,
} from '../words/quantities.ts';
import { severityOf } from './regressions.ts';

/** The original and the pruned model on each text. */
export function PerplexityTable({ texts }: { readonly texts: readonly TextResult[] }) {
  return (
    <Section
      title={<Term of="perplexity">Perplexity</Term>}
      lead="On texts that calibration did not use. Lower is better; figures compare only on the same text, tokenizer, window and stride. In brackets: the 95 % interval of the change over other passages of the text."
    >
      {texts.length === 0 ? (
        <EmptyState title="Nothing was measured">
          The run was started without texts to measure on. Start one with such texts to see what pruning cost.
        </EmptyState>
      ) : (
        <Table size="small" aria-label="Perplexity of the original and the pruned model">
          <TableHead>
            <TableRow>
              <TableCell>Text</TableCell>
              <TableCell align="right">
                <Term of="dense">Original</Term>
              </TableCell>
              <TableCell align="right">Pruned</TableCell>
              <TableCell align="right">Change</TableCell>
              <TableCell align="right">Scored tokens</TableCell>
              <TableCell align="right">
                <Term of="window">Window, stride</Term>
              </TableCell>
            </TableRow>
          </TableHead>
          <TableBody>
            {texts.map((text) => (
              <TextRow key={text.name} text={text} />
            ))}
          </TableBody>
        </Table>
      )}
    </Section>
  );
}

function TextRow({ text }: { readonly text: TextResult }) {
  const { name, role, dense, pruned, window, stride } = text;
  return (
    <TableRow>
      <TableCell component="th" scope="row">
        {name}{' '}
        <Chip
          size="small"
          variant="outlined"
          label={role === 'domain' ? 'domain' : 'general'}
          sx={{ ml: 1 }}
        />
      </TableCell>
      <TableCell align="right">{formatFigure(dense.perplexity, 4)}</TableCell>
      <TableCell align="right" sx={{ fontWeight: 620 }}>
        {pruned ? formatFigure(pruned.perplexity, 4) : 'not measured'}
      </TableCell>
      <TableCell align="right">
        <Change text={text} />
      </TableCell>
      <TableCell align="right">
        {formatCount(dense.scoredTokens)}
        <Typography variant="body2" component="div" color="textSecondary">
          in {formatCounted(dense.windows, 'window')}
        </Typography>
      </TableCell>
      <TableCell align="right">
        {formatCount(window)}, {formatCount(stride)}
      </TableCell>
    </TableRow>
  );
}

function Change({ text }: { readonly text: TextResult }) {
  const { dense, pruned } = text;
  if (!pruned) return null;
  const { change } = pruned;
  return (
    <>
      <Typography variant="body2" component="span" sx={{ fontWeight: 620 }}>
        {formatChange(dense.perplexity, pruned.perplexity)}
      </Typography>{' '}
      {change && (
        <Typography variant="body2" component="span" color="textSecondary" sx={{ whiteSpace: 'nowrap' }}>
          [{formatSignedPercent(change.low)}, {formatSignedPercent(change.high)}]
        </Typography>
      )}
      <Typography variant="body2" component="div" color={colours[severityOf(text)]}>
        {words[severityOf(text)] ?? (change && !change.distinguishable ? 'not distinguishable' : '')}
      </Typography>
    </>
  );
}

const colours = { none: 'textSecondary', worse: 'warning', grave: 'error' } as const;
const words = { none: null, worse: 'worse', grave: 'more than twice' } as const;
