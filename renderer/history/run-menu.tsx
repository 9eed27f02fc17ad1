import MoreIcon from '@mui/icons-material/MoreVert';
import IconButton from '@mui/material/IconButton';
import Menu from '@mui/material/Menu';
import MenuItem from '@mui/material/MenuItem';
import { useState } from 'react';
import type { RunSummary } from '../../src/contract/run.ts';
import { service } from '../bridge/bridge.ts';
import { goTo } from '../shell/route.ts';
import { takeRequest } from '../wizard/draft.ts';
import { DeleteRuns } from './delete-runs.tsx';
import { RenameRun } from './rename-run.tsx';
import { RunAgain } from './run-again.tsx';

type Open = 'rename' | 'again' | 'delete' | null;

interface RunMenuProps {
  readonly run: RunSummary;
  /** Whether Tab stops at its button: the grid decides. */
  readonly tabIndex: number;
}

/** What can be done with one run. */
export function RunMenu({ run, tabIndex }: RunMenuProps) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const [open, setOpen] = useState<Open>(null);
  const choose = (what: Open) => () => {
    setAnchor(null);
    setOpen(what);
  };
  const change = async () => {
    setAnchor(null);
    const { request } = await service('runs.get', { runId: run.id });
    const models = await service('models.list', {});
    const model = models.find(({ inspection }) => inspection.dir === request.modelDir);
    takeRequest(request, { id: model?.id ?? null, name: run.modelName });
    goTo('/new/domain');
  };
  const close = () => setOpen(null);
  return (
    <>
      <IconButton
        size="small"
        aria-label={`Actions for ${run.name}`}
        aria-haspopup="menu"
        tabIndex={tabIndex}
        onClick={({ currentTarget }) => setAnchor(currentTarget)}
      >
        <MoreIcon fontSize="small" />
      </IconButton>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={() => setAnchor(null)}>
        <MenuItem onClick={() => goTo(`/runs/${run.id}`)}>Open</MenuItem>
        <MenuItem onClick={choose('rename')}>Rename…</MenuItem>
        <MenuItem onClick={choose('again')}>Run the same again…</MenuItem>
        <MenuItem onClick={() => void change()}>Change and run…</MenuItem>
        <MenuItem onClick={choose('delete')}>Delete…</MenuItem>
      </Menu>
      {open === 'rename' && <RenameRun run={run} onClose={close} />}
      {open === 'again' && <RunAgain run={run} onClose={close} />}
      {open === 'delete' && <DeleteRuns runs={[run]} onClose={close} onDone={close} />}
    </>
  );
}
