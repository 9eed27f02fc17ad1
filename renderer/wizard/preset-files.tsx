import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import Snackbar from '@mui/material/Snackbar';
import { useState } from 'react';
import type { PresetEntry } from '../../src/contract/preset.ts';
import { native, service } from '../bridge/bridge.ts';
import { queryClient } from '../bridge/query-client.ts';
import { problemOf } from '../bridge/refusal.ts';
import { takePreset } from './draft.ts';

const filters = [{ name: 'Preset', extensions: ['json'] }];

/** Import and export of presets as JSON files, and removal of the person's own. */
export function PresetFiles({ chosen }: { readonly chosen: PresetEntry | null }) {
  const [said, setSaid] = useState<{ readonly text: string; readonly isFault: boolean } | null>(null);
  const attempt = async (work: () => Promise<string | null>) => {
    try {
      const text = await work();
      if (text !== null) setSaid({ text, isFault: false });
    } catch (error) {
      const { message, fix } = problemOf(error);
      setSaid({ text: `${message} ${fix}`, isFault: true });
    }
  };
  const refresh = () => queryClient.invalidateQueries({ queryKey: ['presets.list'] });

  const importPreset = async () => {
    const { paths } = await native('dialog.chooseFiles', {
      title: 'Import a preset',
      filters,
      multiple: false,
    });
    if (paths[0] === undefined) return null;
    const { id, preset } = await service('presets.import', { file: paths[0] });
    await refresh();
    takePreset(id, preset);
    return `“${preset.title}” was imported.`;
  };
  const exportPreset = async ({ id, preset }: PresetEntry) => {
    const { path } = await native('dialog.chooseSaveFile', {
      title: 'Export the preset',
      defaultName: `${preset.name}.json`,
      filters,
    });
    if (path === null) return null;
    await service('presets.export', { id, file: path });
    return `“${preset.title}” was exported.`;
  };
  const removePreset = async ({ id, preset }: PresetEntry) => {
    await service('presets.remove', { id });
    await refresh();
    return `“${preset.title}” was removed.`;
  };

  return (
    <>
      <Button onClick={() => void attempt(importPreset)}>Import…</Button>
      {chosen && <Button onClick={() => void attempt(() => exportPreset(chosen))}>Export…</Button>}
      {chosen?.kind === 'custom' && (
        <Button onClick={() => void attempt(() => removePreset(chosen))}>Remove</Button>
      )}
      <Snackbar open={said !== null} autoHideDuration={8000} onClose={() => setSaid(null)}>
        <Alert severity={said?.isFault ? 'error' : 'success'} onClose={() => setSaid(null)}>
          {said?.text}
        </Alert>
      </Snackbar>
    </>
  );
}
