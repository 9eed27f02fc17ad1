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
import { formatChange, formatCount, formatFigure } from '../words/quantities.ts';

/** The original and the pruned model on each text. */
export function PerplexityTable({ texts }: { readonly texts: readonly TextResult[] }) {
  return (
    <Section
      title={<Term of="perplexity">Perplexity</Term>}
      lead="On texts that calibration did not use. Lower is better; a figure compares only with figures of the same text, tokenizer, window and stride."
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
        {pruned && <Change from={dense.perplexity} to={pruned.perplexity} />}
      </TableCell>
      <TableCell align="right">{formatCount(dense.scoredTokens)}</TableCell>
      <TableCell align="right">
        {formatCount(window)}, {formatCount(stride)}
      </TableCell>
    </TableRow>
  );
}

/** From twice the original's perplexity on, something is lost that anybody will notice. */
const GRAVE_FACTOR = 2;

function Change({ from, to }: { readonly from: number; readonly to: number }) {
  const isGrave = to >= GRAVE_FACTOR * from;
  return (
    <Typography
      variant="body2"
      component="span"
      color={isGrave ? 'error' : 'textPrimary'}
      sx={{ fontWeight: isGrave ? 620 : 400 }}
    >
      {formatChange(from, to)}
      {isGrave && ' (more than twice)'}
    </Typography>
  );
}
