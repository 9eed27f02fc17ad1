import Alert from '@mui/material/Alert';
import Checkbox from '@mui/material/Checkbox';
import FormControlLabel from '@mui/material/FormControlLabel';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import type { HardwareReport } from '../../src/contract/hardware.ts';
import { backendTitle } from '../../src/contract/titles.ts';
import { Term } from '../widgets/term.tsx';
import { formatFigure } from '../words/quantities.ts';
import { changeDraft, useDraft } from './draft.ts';

type Trial = HardwareReport['backends'][number];

/** Which backend works here and how fast. A slower one than the best is taken only when the person agrees. */
export function BackendChoice({ backends }: { readonly backends: readonly Trial[] }) {
  const consented = useDraft((draft) => draft.backend);
  const [best] = backends;
  const fallback = backends.find(({ isUsable }) => isUsable);
  const isSlower = best !== undefined && !best.isUsable && fallback !== undefined;
  return (
    <>
      <Table size="small" aria-label="Backends">
        <TableHead>
          <TableRow>
            <TableCell>
              <Term of="backend">Backend</Term>
            </TableCell>
            <TableCell align="right">Matrix products (GFLOP/s)</TableCell>
            <TableCell>What was found</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {backends.map(({ name, isUsable, isChosen, reason, matMulGflops }) => (
            <TableRow key={name} selected={isChosen}>
              <TableCell component="th" scope="row" sx={{ fontWeight: isChosen ? 620 : 400 }}>
                {backendTitle(name)}
              </TableCell>
              <TableCell align="right">{matMulGflops === null ? '–' : formatFigure(matMulGflops)}</TableCell>
              <TableCell>
                {isChosen
                  ? ['works; this run uses it', reason].filter(Boolean).join('. ')
                  : (reason ?? (isUsable ? 'works' : 'does not work'))}
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
      {isSlower && (
        <Alert severity="warning">
          {backendTitle(best.name)} does not work here. {backendTitle(fallback.name)} does, but is slower.
          <FormControlLabel
            sx={{ display: 'flex' }}
            control={
              <Checkbox
                checked={consented === fallback.name}
                onChange={(_, checked) => changeDraft({ backend: checked ? fallback.name : null })}
              />
            }
            label={`Use ${backendTitle(fallback.name)} for this run`}
          />
        </Alert>
      )}
    </>
  );
}
