import type { Draft } from '../../../renderer/wizard/draft.ts';
import { pruneSettings } from '../../../src/contract/settings.ts';

const part = (name: string, title: string) => ({ name, title, reader: 'auto' as const, template: null });

/** A run that could be started: two parts, all files chosen. */
export const aDraft = (): Draft => ({
  model: { id: '1', dir: '/models/small', name: 'small' },
  presetId: 'builtin:legal',
  presetName: 'legal',
  title: 'Legal',
  description: 'Cases and bills.',
  parts: [part('cases', 'Cases'), part('bills', 'Bills')],
  mix: { cases: 75, bills: 25 },
  settings: pruneSettings.parse({}),
  data: { cases: ['/data/cases.jsonl'], bills: ['/data/bills.csv'] },
  openFiles: ['/data/open.txt'],
  onShortfall: 'proportion',
  texts: [],
  window: null,
  stride: null,
  maxTokens: null,
  tasks: [],
  taskItems: 200,
  name: null,
  outDir: '/out',
  backend: null,
  runId: null,
});
