import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import { useState } from 'react';
import { native, service } from '../bridge/bridge.ts';
import { problemOf } from '../bridge/refusal.ts';
import { announce } from '../shell/announcer.tsx';
import { PathText } from '../widgets/path-text.tsx';
import { ProblemAlert } from '../widgets/problem-alert.tsx';
import { Section } from '../widgets/section.tsx';

interface ReportsProps {
  readonly runId: number;
  readonly name: string;
}

const kinds = {
  html: { title: 'Save as HTML…', filters: [{ name: 'HTML page', extensions: ['html'] }] },
  pdf: { title: 'Save as PDF…', filters: [{ name: 'PDF document', extensions: ['pdf'] }] },
};
type Kind = keyof typeof kinds;

/** The run's report as a file that needs no other. */
export function Reports({ runId, name }: ReportsProps) {
  const [busy, setBusy] = useState<Kind | null>(null);
  const [saved, setSaved] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const save = async (kind: Kind) => {
    const { title, filters } = kinds[kind];
    setBusy(kind);
    setSaved(null);
    setError(null);
    try {
      const defaultName = `${name.replace(/[^\p{L}\p{N}._-]+/gu, '-')}.${kind}`;
      const { path } = await native('dialog.chooseSaveFile', {
        title: title.replace('…', ''),
        defaultName,
        filters,
      });
      if (path !== null) {
        if (kind === 'html') await service('reports.save', { runId, file: path });
        else await native('reports.pdf', { runId, file: path });
        setSaved(path);
        announce('The report was saved.');
      }
    } catch (fault) {
      setError(fault);
    }
    setBusy(null);
  };
  return (
    <Section
      title="Report"
      lead="Settings, figures, plots, versions and hashes in one file, for your records or for whoever has to approve the model. It holds no calibration text."
      actions={(Object.keys(kinds) as Kind[]).map((kind) => (
        <Button key={kind} variant="outlined" disabled={busy !== null} onClick={() => void save(kind)}>
          {busy === kind ? 'Writing…' : kinds[kind].title}
        </Button>
      ))}
    >
      {saved !== null && (
        <Alert severity="success">
          Saved as <PathText path={saved} />
        </Alert>
      )}
      {error !== null && <ProblemAlert problem={problemOf(error)} />}
    </Section>
  );
}
