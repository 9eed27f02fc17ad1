import Button from '@mui/material/Button';
import { useState } from 'react';
import type { AuditVerdict } from '../../src/contract/audit.ts';
import { native, service } from '../bridge/bridge.ts';
import { problemOf } from '../bridge/refusal.ts';
import { useService } from '../bridge/use-service.ts';
import { Screen } from '../shell/screen.tsx';
import { Answer } from '../widgets/answer.tsx';
import { ProblemAlert } from '../widgets/problem-alert.tsx';
import { AuditTable } from './audit-table.tsx';
import { VerdictAlert } from './verdict-alert.tsx';

const PAGE = 50;

/** Who did what, when, on which data. */
export function AuditScreen() {
  const [text, setText] = useState('');
  const [page, setPage] = useState(0);
  const [verdict, setVerdict] = useState<AuditVerdict | null>(null);
  const [error, setError] = useState<unknown>(null);
  const trail = useService(
    'audit.list',
    { text, offset: page * PAGE, limit: PAGE },
    { keepPrevious: true, forget: true },
  );
  const attempt = (work: () => Promise<AuditVerdict | null>) => async () => {
    setError(null);
    try {
      setVerdict(await work());
    } catch (fault) {
      setError(fault);
    }
  };
  const verify = attempt(() => service('audit.verify', {}));
  const exportTrail = attempt(async () => {
    const { path } = await native('dialog.chooseSaveFile', {
      title: 'Export the audit trail',
      defaultName: 'd-pruner-audit.jsonl',
      filters: [{ name: 'JSON lines', extensions: ['jsonl'] }],
    });
    return path === null ? null : service('audit.export', { file: path });
  });
  return (
    <Screen
      title="Audit trail"
      lead="Who did what on which data, by hash and never by text. Each line’s hash covers the line before it, so that a change shows."
      actions={
        <>
          <Button variant="outlined" onClick={() => void verify()}>
            Verify
          </Button>
          <Button variant="outlined" onClick={() => void exportTrail()}>
            Export…
          </Button>
        </>
      }
    >
      {error !== null && <ProblemAlert problem={problemOf(error)} />}
      {verdict && <VerdictAlert verdict={verdict} />}
      <Answer query={trail}>
        {({ total, entries }) => (
          <AuditTable
            entries={entries}
            total={total}
            text={text}
            page={page}
            pageSize={PAGE}
            onPage={setPage}
            onText={(to) => {
              setText(to);
              setPage(0);
            }}
          />
        )}
      </Answer>
    </Screen>
  );
}
